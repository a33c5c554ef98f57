-- What became of rejected entries later.

-- The outcomes of entries that were rejected, numbered per register in their order: at the rejection, and again at
-- each change. Registers are told those after the last one that they know; what the outcome is, the journal says.
CREATE TABLE entry_outcomes (
    store_id TEXT NOT NULL,
    register_number BIGINT NOT NULL,
    outcome_no BIGINT NOT NULL, -- not below the clock in ms since 1970: a restored database gives none twice
    seq BIGINT NOT NULL, -- the journal entry
    PRIMARY KEY (store_id, register_number, outcome_no),
    FOREIGN KEY (store_id, register_number, seq) REFERENCES journal (store_id, register_number, seq)
);
INSERT INTO entry_outcomes (store_id, register_number, outcome_no, seq)
    SELECT store_id, register_number, seq, seq FROM journal WHERE rejected_reason IS NOT NULL;

-- What administrators did with rejected entries. The entries themselves stay as they were sent.
CREATE TABLE entry_mends (
    store_id TEXT NOT NULL,
    register_number BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- the journal entry
    mend_no BIGINT NOT NULL, -- of this entry, from 1
    request_id BYTEA NOT NULL, -- the same request again changes nothing
    mended_at_ms BIGINT NOT NULL,
    administrator TEXT NOT NULL, -- empty: it was applied together with the entry that it waited for
    action TEXT NOT NULL,
    note TEXT NOT NULL,
    reason_before TEXT NOT NULL, -- why it was rejected until then
    PRIMARY KEY (store_id, register_number, seq, mend_no),
    UNIQUE (store_id, register_number, seq, request_id),
    FOREIGN KEY (store_id, register_number, seq) REFERENCES journal (store_id, register_number, seq)
);

-- Of a rejected entry: whether an administrator decided that it is never applied.
ALTER TABLE journal ADD COLUMN is_set_aside BOOLEAN NOT NULL DEFAULT FALSE;

-- What was paid beyond what the goods come to, of a sale that did not add up and was taken although.
ALTER TABLE sales ADD COLUMN difference_minor BIGINT NOT NULL DEFAULT 0;
