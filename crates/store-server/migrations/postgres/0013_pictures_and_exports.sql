-- Pictures of products, and registers' exports.

-- The picture of a product as it last changed; without a hash there is none any more.
CREATE TABLE pictures (
    store_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    version BIGINT NOT NULL, -- not below the clock in ms since 1970: a restored database gives none twice
    hash BYTEA,
    media_type TEXT NOT NULL,
    bytes_count BIGINT NOT NULL,
    PRIMARY KEY (store_id, sku)
);
CREATE UNIQUE INDEX pictures_by_version ON pictures (store_id, version);
CREATE INDEX pictures_by_hash ON pictures (store_id, hash);

-- Their bytes, each once, by SHA-256.
CREATE TABLE picture_bytes (
    store_id TEXT NOT NULL,
    hash BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (store_id, hash)
);

-- The last exports of each register.
CREATE TABLE exports (
    store_id TEXT NOT NULL,
    register_number BIGINT NOT NULL,
    export_no BIGINT NOT NULL, -- of this register, from 1
    made_at_ms BIGINT NOT NULL, -- by the register's clock
    received_at_ms BIGINT NOT NULL,
    entries_count BIGINT NOT NULL,
    rows_count BIGINT NOT NULL,
    bytes_count BIGINT NOT NULL,
    is_chain_whole BOOLEAN NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (store_id, register_number, export_no)
);
