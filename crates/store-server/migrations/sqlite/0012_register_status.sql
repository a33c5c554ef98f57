-- What a register says of itself at its contacts: how old its rows are, what does not work, what it builds; and what a
-- shift came to.

ALTER TABLE register_tables ADD COLUMN synced_at_ms INTEGER;

-- The last fault that it told of, and whether that was in its last contact.
ALTER TABLE registers ADD COLUMN last_error_text TEXT;
ALTER TABLE registers ADD COLUMN last_error_at_ms INTEGER;
ALTER TABLE registers ADD COLUMN has_error INTEGER NOT NULL DEFAULT 0;

ALTER TABLE registers ADD COLUMN building_version INTEGER;
ALTER TABLE registers ADD COLUMN building_rows_have INTEGER;
ALTER TABLE registers ADD COLUMN building_rows_wanted INTEGER;

ALTER TABLE shifts ADD COLUMN sales_count INTEGER;
ALTER TABLE shifts ADD COLUMN total_minor INTEGER;
