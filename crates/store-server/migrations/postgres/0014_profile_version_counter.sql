-- A version of a profile is given once, also after an older backup was restored: the counter is kept beside the versions.
ALTER TABLE profile_counters ADD COLUMN last_version BIGINT NOT NULL DEFAULT 0;
UPDATE profile_counters SET last_version = COALESCE(
    (SELECT MAX(v.version) FROM profile_versions v WHERE v.store_id = profile_counters.store_id), 0);
