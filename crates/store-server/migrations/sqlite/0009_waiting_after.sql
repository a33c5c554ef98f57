-- How many wait is what a register said when this was its last entry here; what came up since waits no longer.

ALTER TABLE registers ADD COLUMN waiting_after_seq INTEGER;
