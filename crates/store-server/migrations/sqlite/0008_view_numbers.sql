-- A view's number is given once: what another process still knows of one that was dropped must not be taken for the next.

ALTER TABLE feed_counters ADD COLUMN last_view_no INTEGER NOT NULL DEFAULT 0;
UPDATE feed_counters SET last_view_no =
    COALESCE((SELECT MAX(view_no) FROM views WHERE views.store_id = feed_counters.store_id), 0);
