-- Where a register stood at its last contact, as it told, and since when.

ALTER TABLE registers ADD COLUMN mode_no INTEGER;
ALTER TABLE registers ADD COLUMN mode_since_ms INTEGER;

-- When the outage was over that began at was_offline_since_ms.
ALTER TABLE registers ADD COLUMN was_offline_until_ms INTEGER;
