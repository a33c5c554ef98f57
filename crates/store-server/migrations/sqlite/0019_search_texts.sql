-- What look-ups of registers compare: a narrow row for each product and customer, so that a search reads little.

-- They are those of the table's rows up to `feed_tables.texts_head`. Where that is not the head, an earlier version of the
-- program has written since, which knows nothing of them: what is missing is made from the feed when somebody looks.
CREATE TABLE search_texts (
    store_id TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    code TEXT NOT NULL, -- the key as codes are compared
    key TEXT NOT NULL,
    name TEXT NOT NULL, -- folded, a blank before each word
    digits TEXT NOT NULL, -- of the telephone number
    place INTEGER NOT NULL, -- among the best sellers; beyond all of them for none
    PRIMARY KEY (store_id, table_no, code, key)
) STRICT, WITHOUT ROWID;
ALTER TABLE feed_tables ADD COLUMN texts_head INTEGER NOT NULL DEFAULT 0;
