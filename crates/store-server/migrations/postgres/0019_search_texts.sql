-- What look-ups of registers compare: a narrow row for each product and customer, so that a search reads little.

-- They are those of the table's rows up to `feed_tables.texts_head`. Where that is not the head, an earlier version of the
-- program has written since, which knows nothing of them: what is missing is made from the feed when somebody looks.
CREATE TABLE search_texts (
    store_id TEXT NOT NULL,
    table_no BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL, -- the key as codes are compared
    key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL, -- folded, a blank before each word
    digits TEXT COLLATE "C" NOT NULL, -- of the telephone number
    place BIGINT NOT NULL, -- among the best sellers; beyond all of them for none
    PRIMARY KEY (store_id, table_no, code, key)
);
ALTER TABLE feed_tables ADD COLUMN texts_head BIGINT NOT NULL DEFAULT 0;
