-- The store database. Amounts are minor units, rates ppm, quantities thousandths of a unit, times ms since 1970.

CREATE TABLE stores (
    store_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL, -- lines, parted by line feeds
    tax_number TEXT NOT NULL,
    currency TEXT NOT NULL,
    prices_include_tax INTEGER NOT NULL,
    receipt_footer TEXT NOT NULL,
    profile_name TEXT NOT NULL DEFAULT '',
    default_tax_code TEXT NOT NULL DEFAULT ''
) STRICT;

-- What is not of one store, by name.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE administrators (
    name TEXT NOT NULL PRIMARY KEY,
    password_hash TEXT NOT NULL
) STRICT;

CREATE TABLE admin_sessions (
    token_hash BLOB NOT NULL PRIMARY KEY,
    administrator TEXT NOT NULL REFERENCES administrators (name) ON DELETE CASCADE,
    expires_at_ms INTEGER NOT NULL
) STRICT;

-- The feed ---------------------------------------------------------------------------------------------

-- One row per store: whoever writes master data takes its versions here, in the same transaction, so that
-- versions become visible in their order.
CREATE TABLE feed_counters (
    store_id TEXT NOT NULL PRIMARY KEY REFERENCES stores (store_id),
    version INTEGER NOT NULL
) STRICT;

-- The latest state of each row that registers may keep; without a body it was deleted.
CREATE TABLE feed (
    store_id TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB,
    PRIMARY KEY (store_id, table_no, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX feed_by_version ON feed (store_id, table_no, version);

-- Where each table of the feed stands.
CREATE TABLE feed_tables (
    store_id TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    head INTEGER NOT NULL,
    oldest_cursor INTEGER NOT NULL DEFAULT 0,
    rows_count INTEGER NOT NULL, -- those with a body
    PRIMARY KEY (store_id, table_no)
) STRICT, WITHOUT ROWID;

-- Snapshots: immutable pages, compressed once, and the lists of pages that make a table.
CREATE TABLE snapshot_pages (
    store_id TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    hash BLOB NOT NULL,
    rows_count INTEGER NOT NULL,
    bytes_count INTEGER NOT NULL,
    gzip BLOB NOT NULL,
    stored_at_ms INTEGER NOT NULL,
    PRIMARY KEY (store_id, hash, table_no)
) STRICT;
CREATE TABLE snapshots (
    store_id TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    head INTEGER NOT NULL,
    superseded_at_ms INTEGER, -- none: it is the newest of its table
    PRIMARY KEY (store_id, table_no, head)
) STRICT;
CREATE TABLE snapshot_manifests (
    store_id TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    head INTEGER NOT NULL,
    page_no INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (store_id, table_no, head, page_no)
) STRICT;
CREATE INDEX snapshot_manifests_by_hash ON snapshot_manifests (store_id, table_no, hash);

-- Profiles ---------------------------------------------------------------------------------------------

CREATE TABLE profiles (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    name TEXT NOT NULL,
    published_version INTEGER NOT NULL,
    PRIMARY KEY (store_id, name)
) STRICT;

-- Never changed once written. Versions count all profiles of a store, so that a register that gets another
-- profile sees another number.
CREATE TABLE profile_versions (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    version INTEGER NOT NULL,
    profile_name TEXT NOT NULL,
    body BLOB NOT NULL, -- CBOR
    published_at_ms INTEGER NOT NULL,
    PRIMARY KEY (store_id, version)
) STRICT;

-- Registers --------------------------------------------------------------------------------------------

CREATE TABLE registers (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    profile_name TEXT, -- the store's where none
    -- Activation.
    token_hash BLOB UNIQUE,
    activated_at_ms INTEGER,
    device_name TEXT,
    is_locked INTEGER NOT NULL DEFAULT 0,
    -- Where its journal ends, and what came of it.
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_hash BLOB NOT NULL DEFAULT (zeroblob(32)),
    last_receipt_counter INTEGER NOT NULL DEFAULT 0,
    receipts_count INTEGER NOT NULL DEFAULT 0,
    total_minor INTEGER NOT NULL DEFAULT 0,
    -- What it said at its last contact.
    last_contact_ms INTEGER,
    app_version TEXT,
    profile_version INTEGER,
    schema_version INTEGER,
    waiting INTEGER,
    rejected INTEGER,
    was_offline_since_ms INTEGER,
    storage_used_bytes INTEGER,
    storage_quota_bytes INTEGER,
    PRIMARY KEY (store_id, number)
) STRICT;

CREATE TABLE register_tables (
    store_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    table_no INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    rows_count INTEGER NOT NULL,
    PRIMARY KEY (store_id, number, table_no),
    FOREIGN KEY (store_id, number) REFERENCES registers (store_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE activation_codes (
    code_hash BLOB NOT NULL PRIMARY KEY,
    store_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER,
    used_by_device TEXT,
    used_by_attempt BLOB, -- hash of the attempt's id
    FOREIGN KEY (store_id, number) REFERENCES registers (store_id, number)
) STRICT;

-- Master data ------------------------------------------------------------------------------------------

CREATE TABLE staff (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    is_manager INTEGER NOT NULL,
    pin_salt BLOB NOT NULL,
    pin_rounds INTEGER NOT NULL,
    pin_verifier BLOB NOT NULL,
    PRIMARY KEY (store_id, id)
) STRICT;

CREATE TABLE tax_rates (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    rate_ppm INTEGER NOT NULL,
    PRIMARY KEY (store_id, code)
) STRICT;

CREATE TABLE currencies (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    code TEXT NOT NULL,
    sign TEXT NOT NULL,
    cash_increment_minor INTEGER NOT NULL,
    PRIMARY KEY (store_id, code)
) STRICT;

CREATE TABLE tender_types (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    offline_limit_minor INTEGER,
    PRIMARY KEY (store_id, code)
) STRICT;

CREATE TABLE categories (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    hue INTEGER NOT NULL,
    PRIMARY KEY (store_id, code)
) STRICT;

CREATE TABLE products (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    sku TEXT NOT NULL,
    sku_folded TEXT NOT NULL, -- lower case: skus that differ only in case are one to a cashier
    name TEXT NOT NULL,
    category TEXT,
    unit TEXT NOT NULL,
    tax_code TEXT NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (store_id, sku),
    FOREIGN KEY (store_id, category) REFERENCES categories (store_id, code),
    FOREIGN KEY (store_id, tax_code) REFERENCES tax_rates (store_id, code)
) STRICT;
CREATE UNIQUE INDEX products_by_sku_folded ON products (store_id, sku_folded);

CREATE TABLE barcodes (
    store_id TEXT NOT NULL,
    gtin TEXT NOT NULL,
    sku TEXT NOT NULL,
    PRIMARY KEY (store_id, gtin),
    FOREIGN KEY (store_id, sku) REFERENCES products (store_id, sku)
) STRICT;

CREATE TABLE prices (
    store_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    price_minor INTEGER NOT NULL,
    PRIMARY KEY (store_id, sku),
    FOREIGN KEY (store_id, sku) REFERENCES products (store_id, sku)
) STRICT;

CREATE TABLE customers (
    store_id TEXT NOT NULL REFERENCES stores (store_id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    PRIMARY KEY (store_id, id)
) STRICT;

-- What registers produced ------------------------------------------------------------------------------

-- Every outbox entry that a register has handed over, whole, the rejected ones too.
CREATE TABLE journal (
    store_id TEXT NOT NULL,
    register_number INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    payload BLOB NOT NULL,
    rejected_reason TEXT, -- none: it was accepted
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (store_id, register_number, seq),
    FOREIGN KEY (store_id, register_number) REFERENCES registers (store_id, number)
) STRICT;
CREATE INDEX journal_rejected ON journal (store_id, received_at_ms) WHERE rejected_reason IS NOT NULL;

CREATE TABLE sales (
    sale_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- in order of arrival
    store_id TEXT NOT NULL,
    register_number INTEGER NOT NULL,
    receipt_counter INTEGER NOT NULL,
    seq INTEGER NOT NULL, -- its journal entry
    sale_id BLOB NOT NULL,
    cashier_id TEXT NOT NULL,
    cashier_name TEXT NOT NULL,
    customer_id TEXT,
    customer_name TEXT,
    started_at_ms INTEGER NOT NULL,
    finished_at_ms INTEGER NOT NULL,
    utc_offset_min INTEGER NOT NULL,
    currency TEXT NOT NULL,
    tax_inclusive INTEGER NOT NULL,
    lines_count INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    rounding_minor INTEGER NOT NULL,
    change_minor INTEGER NOT NULL,
    external_ref TEXT,
    received_at_ms INTEGER NOT NULL,
    UNIQUE (store_id, register_number, receipt_counter),
    UNIQUE (store_id, sale_id),
    FOREIGN KEY (store_id, register_number, seq) REFERENCES journal (store_id, register_number, seq)
) STRICT;

CREATE TABLE sale_lines (
    sale_no INTEGER NOT NULL REFERENCES sales (sale_no),
    line_no INTEGER NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    quantity_milli INTEGER NOT NULL,
    unit_price_minor INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    tax_code TEXT NOT NULL,
    tax_rate_ppm INTEGER NOT NULL,
    PRIMARY KEY (sale_no, line_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_tax (
    sale_no INTEGER NOT NULL REFERENCES sales (sale_no),
    code TEXT NOT NULL,
    rate_ppm INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    tax_minor INTEGER NOT NULL,
    gross_minor INTEGER NOT NULL,
    PRIMARY KEY (sale_no, code, rate_ppm)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_tenders (
    sale_no INTEGER NOT NULL REFERENCES sales (sale_no),
    tender_no INTEGER NOT NULL,
    code TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (sale_no, tender_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE shifts (
    store_id TEXT NOT NULL,
    shift_id BLOB NOT NULL,
    register_number INTEGER NOT NULL,
    number INTEGER NOT NULL,
    opened_at_ms INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    float_minor INTEGER NOT NULL,
    closed_at_ms INTEGER,
    counted_minor INTEGER,
    PRIMARY KEY (store_id, shift_id),
    FOREIGN KEY (store_id, register_number) REFERENCES registers (store_id, number)
) STRICT;
