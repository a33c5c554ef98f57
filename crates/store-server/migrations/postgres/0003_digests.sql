-- Sum of the hashes of a table's live rows (protocol, TableDigest), kept up to date with each write.
-- None: it was not summed up yet.
ALTER TABLE feed_tables ADD COLUMN digest BYTEA;
