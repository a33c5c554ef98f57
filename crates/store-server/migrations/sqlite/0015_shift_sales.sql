-- Which sales are of a shift: those between its closing in the journal and that of the shift before. And all that does
-- not work at a register, besides the first.

ALTER TABLE shifts ADD COLUMN closed_seq INTEGER; -- the entry that closed it; none: it is open, or closed before this step
CREATE INDEX shifts_by_register ON shifts (store_id, register_number, number);
CREATE INDEX sales_by_seq ON sales (store_id, register_number, seq);

ALTER TABLE registers ADD COLUMN other_errors_text TEXT; -- one a line
