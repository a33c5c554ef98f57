-- What a register says of itself at its contacts: how old its rows are, what does not work, what it builds; and what a
-- shift came to.

ALTER TABLE register_tables ADD COLUMN synced_at_ms BIGINT;

-- The last fault that it told of, and whether that was in its last contact.
ALTER TABLE registers ADD COLUMN last_error_text TEXT;
ALTER TABLE registers ADD COLUMN last_error_at_ms BIGINT;
ALTER TABLE registers ADD COLUMN has_error BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE registers ADD COLUMN building_version BIGINT;
ALTER TABLE registers ADD COLUMN building_rows_have BIGINT;
ALTER TABLE registers ADD COLUMN building_rows_wanted BIGINT;

ALTER TABLE shifts ADD COLUMN sales_count BIGINT;
ALTER TABLE shifts ADD COLUMN total_minor BIGINT;
