-- The pages of snapshots are packed by columns and with brotli. Those of before are made again when they are asked for.

DELETE FROM snapshot_manifests;
DELETE FROM snapshots;
DELETE FROM snapshot_pages;
ALTER TABLE snapshot_pages RENAME COLUMN gzip TO brotli;
