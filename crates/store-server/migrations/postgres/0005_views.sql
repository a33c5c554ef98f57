-- Views: copies of tables for registers that keep some rows or columns of them. Their rows, heads and snapshots stand
-- beside those of the tables; there `table_no` is view_no * 256 + the table's number.

CREATE TABLE views (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    view_no BIGINT NOT NULL, -- from 1
    number BIGINT NOT NULL, -- as registers know it; 64 bits, with a sign here
    body BYTEA NOT NULL, -- CBOR
    writes_count BIGINT NOT NULL, -- what was compared at another count is out of date
    base_head BIGINT, -- newest version of the tables when they were copied; none: it never was complete
    day BIGINT NOT NULL, -- days since 1970 when it was copied: sales count by days
    refreshed_at_ms BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    used_at_ms BIGINT NOT NULL,
    PRIMARY KEY (store_id, view_no),
    UNIQUE (store_id, number)
);

-- What was sold lately, and who bought.
CREATE INDEX sales_by_time ON sales (store_id, finished_at_ms);
