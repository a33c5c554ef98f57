-- The store database. Amounts are minor units, rates ppm, quantities thousandths of a unit, times ms since 1970.

CREATE TABLE stores (
    store_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL, -- lines, parted by line feeds
    tax_number TEXT NOT NULL,
    currency TEXT NOT NULL,
    prices_include_tax BOOLEAN NOT NULL,
    receipt_footer TEXT NOT NULL,
    profile_name TEXT NOT NULL DEFAULT '',
    default_tax_code TEXT NOT NULL DEFAULT ''
);

-- What is not of one store, by name.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE administrators (
    name TEXT NOT NULL PRIMARY KEY,
    password_hash TEXT NOT NULL
);

CREATE TABLE admin_sessions (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    administrator TEXT NOT NULL REFERENCES administrators (name) ON DELETE CASCADE,
    expires_at_ms BIGINT NOT NULL
);

-- The feed ---------------------------------------------------------------------------------------------

-- One row per store: whoever writes master data takes its versions here, in the same transaction, so that
-- versions become visible in their order.
CREATE TABLE feed_counters (
    store_id TEXT NOT NULL PRIMARY KEY REFERENCES stores (store_id),
    version BIGINT NOT NULL
);

-- The latest state of each row that registers may keep; without a body it was deleted.
CREATE TABLE feed (
    store_id TEXT NOT NULL,
    table_no BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA,
    PRIMARY KEY (store_id, table_no, key)
);
CREATE UNIQUE INDEX feed_by_version ON feed (store_id, table_no, version);

-- Where each table of the feed stands.
CREATE TABLE feed_tables (
    store_id TEXT NOT NULL,
    table_no BIGINT NOT NULL,
    head BIGINT NOT NULL,
    oldest_cursor BIGINT NOT NULL DEFAULT 0,
    rows_count BIGINT NOT NULL, -- those with a body
    PRIMARY KEY (store_id, table_no)
);

-- Snapshots: immutable pages, compressed once, and the lists of pages that make a table.
CREATE TABLE snapshot_pages (
    store_id TEXT NOT NULL,
    table_no BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    rows_count BIGINT NOT NULL,
    bytes_count BIGINT NOT NULL,
    gzip BYTEA NOT NULL,
    stored_at_ms BIGINT NOT NULL,
    PRIMARY KEY (store_id, hash, table_no)
);
CREATE TABLE snapshots (
    store_id TEXT NOT NULL,
    table_no BIGINT NOT NULL,
    head BIGINT NOT NULL,
    superseded_at_ms BIGINT, -- none: it is the newest of its table
    PRIMARY KEY (store_id, table_no, head)
);
CREATE TABLE snapshot_manifests (
    store_id TEXT NOT NULL,
    table_no BIGINT NOT NULL,
    head BIGINT NOT NULL,
    page_no BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (store_id, table_no, head, page_no)
);
CREATE INDEX snapshot_manifests_by_hash ON snapshot_manifests (store_id, table_no, hash);

-- Profiles ---------------------------------------------------------------------------------------------

CREATE TABLE profiles (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    name TEXT NOT NULL,
    published_version BIGINT NOT NULL,
    PRIMARY KEY (store_id, name)
);

-- Never changed once written. Versions count all profiles of a store, so that a register that gets another
-- profile sees another number.
CREATE TABLE profile_versions (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    version BIGINT NOT NULL,
    profile_name TEXT NOT NULL,
    body BYTEA NOT NULL, -- CBOR
    published_at_ms BIGINT NOT NULL,
    PRIMARY KEY (store_id, version)
);

-- Registers --------------------------------------------------------------------------------------------

CREATE TABLE registers (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    profile_name TEXT, -- the store's where none
    -- Activation.
    token_hash BYTEA UNIQUE,
    activated_at_ms BIGINT,
    device_name TEXT,
    is_locked BOOLEAN NOT NULL DEFAULT FALSE,
    -- Where its journal ends, and what came of it.
    last_seq BIGINT NOT NULL DEFAULT 0,
    last_hash BYTEA NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000',
    last_receipt_counter BIGINT NOT NULL DEFAULT 0,
    receipts_count BIGINT NOT NULL DEFAULT 0,
    total_minor BIGINT NOT NULL DEFAULT 0,
    -- What it said at its last contact.
    last_contact_ms BIGINT,
    app_version TEXT,
    profile_version BIGINT,
    schema_version BIGINT,
    waiting BIGINT,
    rejected BIGINT,
    was_offline_since_ms BIGINT,
    storage_used_bytes BIGINT,
    storage_quota_bytes BIGINT,
    PRIMARY KEY (store_id, number)
);

CREATE TABLE register_tables (
    store_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    table_no BIGINT NOT NULL,
    cursor BIGINT NOT NULL,
    rows_count BIGINT NOT NULL,
    PRIMARY KEY (store_id, number, table_no),
    FOREIGN KEY (store_id, number) REFERENCES registers (store_id, number)
);

CREATE TABLE activation_codes (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    store_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    used_at_ms BIGINT,
    used_by_device TEXT,
    used_by_attempt BYTEA, -- hash of the attempt's id
    FOREIGN KEY (store_id, number) REFERENCES registers (store_id, number)
);

-- Master data ------------------------------------------------------------------------------------------

CREATE TABLE staff (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    is_manager BOOLEAN NOT NULL,
    pin_salt BYTEA NOT NULL,
    pin_rounds BIGINT NOT NULL,
    pin_verifier BYTEA NOT NULL,
    PRIMARY KEY (store_id, id)
);

CREATE TABLE tax_rates (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    rate_ppm BIGINT NOT NULL,
    PRIMARY KEY (store_id, code)
);

CREATE TABLE currencies (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    code TEXT NOT NULL,
    sign TEXT NOT NULL,
    cash_increment_minor BIGINT NOT NULL,
    PRIMARY KEY (store_id, code)
);

CREATE TABLE tender_types (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    offline_limit_minor BIGINT,
    PRIMARY KEY (store_id, code)
);

CREATE TABLE categories (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    hue BIGINT NOT NULL,
    PRIMARY KEY (store_id, code)
);

CREATE TABLE products (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    sku TEXT NOT NULL,
    sku_folded TEXT NOT NULL, -- lower case: skus that differ only in case are one to a cashier
    name TEXT NOT NULL,
    category TEXT,
    unit TEXT NOT NULL,
    tax_code TEXT NOT NULL,
    rank BIGINT NOT NULL,
    PRIMARY KEY (store_id, sku),
    FOREIGN KEY (store_id, category) REFERENCES categories (store_id, code),
    FOREIGN KEY (store_id, tax_code) REFERENCES tax_rates (store_id, code)
);
CREATE UNIQUE INDEX products_by_sku_folded ON products (store_id, sku_folded);

CREATE TABLE barcodes (
    store_id TEXT NOT NULL,
    gtin TEXT NOT NULL,
    sku TEXT NOT NULL,
    PRIMARY KEY (store_id, gtin),
    FOREIGN KEY (store_id, sku) REFERENCES products (store_id, sku)
);

CREATE TABLE prices (
    store_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    price_minor BIGINT NOT NULL,
    PRIMARY KEY (store_id, sku),
    FOREIGN KEY (store_id, sku) REFERENCES products (store_id, sku)
);

CREATE TABLE customers (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    PRIMARY KEY (store_id, id)
);

-- What registers produced ------------------------------------------------------------------------------

-- Every outbox entry that a register has handed over, whole, the rejected ones too.
CREATE TABLE journal (
    store_id TEXT NOT NULL,
    register_number BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    payload BYTEA NOT NULL,
    rejected_reason TEXT, -- none: it was accepted
    received_at_ms BIGINT NOT NULL,
    PRIMARY KEY (store_id, register_number, seq),
    FOREIGN KEY (store_id, register_number) REFERENCES registers (store_id, number)
);
CREATE INDEX journal_rejected ON journal (store_id, received_at_ms) WHERE rejected_reason IS NOT NULL;

CREATE TABLE sales (
    sale_no BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, -- in order of arrival
    store_id TEXT NOT NULL,
    register_number BIGINT NOT NULL,
    receipt_counter BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- its journal entry
    sale_id BYTEA NOT NULL,
    cashier_id TEXT NOT NULL,
    cashier_name TEXT NOT NULL,
    customer_id TEXT,
    customer_name TEXT,
    started_at_ms BIGINT NOT NULL,
    finished_at_ms BIGINT NOT NULL,
    utc_offset_min BIGINT NOT NULL,
    currency TEXT NOT NULL,
    tax_inclusive BOOLEAN NOT NULL,
    lines_count BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    rounding_minor BIGINT NOT NULL,
    change_minor BIGINT NOT NULL,
    external_ref TEXT,
    received_at_ms BIGINT NOT NULL,
    UNIQUE (store_id, register_number, receipt_counter),
    UNIQUE (store_id, sale_id),
    FOREIGN KEY (store_id, register_number, seq) REFERENCES journal (store_id, register_number, seq)
);

CREATE TABLE sale_lines (
    sale_no BIGINT NOT NULL REFERENCES sales (sale_no),
    line_no BIGINT NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    quantity_milli BIGINT NOT NULL,
    unit_price_minor BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    tax_code TEXT NOT NULL,
    tax_rate_ppm BIGINT NOT NULL,
    PRIMARY KEY (sale_no, line_no)
);

CREATE TABLE sale_tax (
    sale_no BIGINT NOT NULL REFERENCES sales (sale_no),
    code TEXT NOT NULL,
    rate_ppm BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    gross_minor BIGINT NOT NULL,
    PRIMARY KEY (sale_no, code, rate_ppm)
);

CREATE TABLE sale_tenders (
    sale_no BIGINT NOT NULL REFERENCES sales (sale_no),
    tender_no BIGINT NOT NULL,
    code TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    PRIMARY KEY (sale_no, tender_no)
);

CREATE TABLE shifts (
    store_id TEXT NOT NULL,
    shift_id BYTEA NOT NULL,
    register_number BIGINT NOT NULL,
    number BIGINT NOT NULL,
    opened_at_ms BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    float_minor BIGINT NOT NULL,
    closed_at_ms BIGINT,
    counted_minor BIGINT,
    PRIMARY KEY (store_id, shift_id),
    FOREIGN KEY (store_id, register_number) REFERENCES registers (store_id, number)
);
