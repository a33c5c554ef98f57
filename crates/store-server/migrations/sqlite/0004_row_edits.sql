-- Registers' edits of rows: what each was merged into, what overlapped, and when each field was entered.

-- The version that the row had once the edit was merged: the answer to the same entry again.
CREATE TABLE row_edits (
    store_id TEXT NOT NULL,
    register_number INTEGER NOT NULL,
    seq INTEGER NOT NULL, -- its journal entry
    table_no INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (store_id, register_number, seq),
    FOREIGN KEY (store_id, register_number, seq) REFERENCES journal (store_id, register_number, seq)
) STRICT, WITHOUT ROWID;

-- Fields that a register and the store changed both; values in CBOR.
CREATE TABLE edit_conflicts (
    store_id TEXT NOT NULL,
    register_number INTEGER NOT NULL,
    seq INTEGER NOT NULL, -- the edit's journal entry
    table_no INTEGER NOT NULL,
    key TEXT NOT NULL,
    column_no INTEGER NOT NULL,
    base_value BLOB, -- none: the register had no value
    server_value BLOB,
    register_value BLOB NOT NULL,
    register_won INTEGER NOT NULL,
    edited_at_ms INTEGER NOT NULL,
    merged_at_ms INTEGER NOT NULL,
    PRIMARY KEY (store_id, register_number, seq, column_no),
    FOREIGN KEY (store_id, register_number, seq) REFERENCES journal (store_id, register_number, seq)
) STRICT;
CREATE INDEX edit_conflicts_by_time ON edit_conflicts (store_id, merged_at_ms);

-- When the value of a field was entered, of rows that go both ways and were changed since they came to be. A field
-- without a time was entered long ago.
CREATE TABLE field_times (
    store_id TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    key TEXT NOT NULL,
    column_no INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (store_id, table_no, key, column_no)
) STRICT, WITHOUT ROWID;
