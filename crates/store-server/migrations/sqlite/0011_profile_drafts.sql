-- Profiles are edited as drafts beside what is published, share the scopes of a library, and a trail says who changed what.

-- One row per store: whoever changes its profiles waits here for whoever does so already.
CREATE TABLE profile_counters (
    store_id TEXT NOT NULL PRIMARY KEY REFERENCES stores (store_id),
    last_profile_id INTEGER NOT NULL -- an id is given once: a page that still shows a deleted profile meets no other
) STRICT;
INSERT INTO profile_counters (store_id, last_profile_id)
    SELECT store_id, (SELECT COUNT(*) FROM profiles WHERE profiles.store_id = stores.store_id) FROM stores;

ALTER TABLE profiles RENAME TO profiles_before;
CREATE TABLE profiles (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    profile_id INTEGER NOT NULL,
    revision INTEGER NOT NULL, -- of its draft
    published_version INTEGER, -- none: it never was
    PRIMARY KEY (store_id, profile_id)
) STRICT;
INSERT INTO profiles (store_id, profile_id, revision, published_version)
    SELECT store_id, ROW_NUMBER() OVER (PARTITION BY store_id ORDER BY name), 1, published_version
    FROM profiles_before;

-- Who published which version of which profile. Those of before were published under the profile's name.
ALTER TABLE profile_versions ADD COLUMN profile_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE profile_versions ADD COLUMN published_by TEXT NOT NULL DEFAULT 'not recorded';
ALTER TABLE profile_versions ADD COLUMN restored_from INTEGER;
UPDATE profile_versions SET profile_id = COALESCE((
    SELECT p.profile_id FROM profiles p JOIN profile_versions v
        ON v.store_id = p.store_id AND v.version = p.published_version
    WHERE v.store_id = profile_versions.store_id AND v.profile_name = profile_versions.profile_name), 0);

-- Each draft as it was saved: what a save is based on is merged with what was saved meanwhile. The oldest go.
CREATE TABLE profile_revisions (
    store_id TEXT NOT NULL,
    profile_id INTEGER NOT NULL,
    revision INTEGER NOT NULL, -- from 1
    body BLOB NOT NULL, -- CBOR
    saved_at_ms INTEGER NOT NULL,
    saved_by TEXT NOT NULL,
    PRIMARY KEY (store_id, profile_id, revision),
    FOREIGN KEY (store_id, profile_id) REFERENCES profiles (store_id, profile_id) ON DELETE CASCADE
) STRICT;
INSERT INTO profile_revisions (store_id, profile_id, revision, body, saved_at_ms, saved_by)
    SELECT p.store_id, p.profile_id, 1, v.body, v.published_at_ms, v.published_by
    FROM profiles p JOIN profile_versions v ON v.store_id = p.store_id AND v.version = p.published_version;

-- Scopes that no draft holds; all others are in the drafts.
CREATE TABLE unused_scopes (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    name_key TEXT NOT NULL,
    body BLOB NOT NULL, -- CBOR
    PRIMARY KEY (store_id, name_key)
) STRICT;

-- Profiles may be renamed: stores and registers know theirs by its id.
ALTER TABLE stores ADD COLUMN profile_id INTEGER;
UPDATE stores SET profile_id = (
    SELECT p.profile_id FROM profiles p JOIN profile_versions v
        ON v.store_id = p.store_id AND v.version = p.published_version
    WHERE p.store_id = stores.store_id AND v.profile_name = stores.profile_name);
ALTER TABLE registers ADD COLUMN profile_id INTEGER; -- the store's where none
UPDATE registers SET profile_id = (
    SELECT p.profile_id FROM profiles p JOIN profile_versions v
        ON v.store_id = p.store_id AND v.version = p.published_version
    WHERE p.store_id = registers.store_id AND v.profile_name = registers.profile_name);
ALTER TABLE stores DROP COLUMN profile_name;
ALTER TABLE registers DROP COLUMN profile_name;
DROP TABLE profiles_before;

-- When somebody asked that the register synchronise everything now; none once it was told.
ALTER TABLE registers ADD COLUMN retry_asked_at_ms INTEGER;

-- What administrators changed, never changed itself.
CREATE TABLE admin_changes (
    change_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    at_ms INTEGER NOT NULL,
    administrator TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL, -- what was changed, by its name
    detail TEXT NOT NULL -- sentences
) STRICT;
CREATE INDEX admin_changes_by_store ON admin_changes (store_id, change_no);
