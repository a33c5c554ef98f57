-- When each row of the feed was changed, ms since 1970: a tombstone is forgotten some time after that.
-- What was there before counts as changed long ago.
ALTER TABLE feed ADD COLUMN changed_at_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX feed_tombstones ON feed (store_id, table_no, changed_at_ms) WHERE body IS NULL;
