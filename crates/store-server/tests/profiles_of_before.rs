//! A store database of the version before drafts: what was published there becomes drafts, and registers notice nothing.

use holdfast_profile::{Profile, default_profile};
use holdfast_store_server::database::{Database, Place, RegisterKey};
use holdfast_store_server::profiles::{ProfileChange, ProfileOrder};
use sha2::{Digest, Sha384};

use crate::support::TestDatabase;

macro_rules! steps {
    ($dialect:literal) => {
        [
            include_str!(concat!("../migrations/", $dialect, "/0001_start.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0002_change_times.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0003_digests.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0004_row_edits.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0005_views.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0006_mends.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0007_attempts.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0008_view_numbers.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0009_waiting_after.sql")),
            include_str!(concat!("../migrations/", $dialect, "/0010_brotli_pages.sql")),
        ]
    };
}

/// As the program keeps the steps that were taken.
const STEPS_TABLE: &str = "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BYTES NOT NULL, \
    execution_time BIGINT NOT NULL)";

/// Bytes as both databases write them in a statement.
fn literal(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if crate::ON_POSTGRES { format!("'\\x{hex}'") } else { format!("x'{hex}'") }
}

/// The statements that make such a database: two profiles, one of which was published twice.
fn statements() -> Vec<String> {
    let bytes = if crate::ON_POSTGRES { "BYTEA" } else { "BLOB" };
    let mut statements = vec![STEPS_TABLE.replace("BYTES", bytes)];
    let steps = if crate::ON_POSTGRES { steps!("postgres") } else { steps!("sqlite") };
    for (version, text) in (1..).zip(steps) {
        statements.push(text.to_owned());
        statements.push(format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES ({version}, 'step', TRUE, {}, -1)",
            literal(&Sha384::digest(text.as_bytes()))
        ));
    }
    statements.push(
        "INSERT INTO stores (store_id, name, address, tax_number, currency, prices_include_tax, receipt_footer, \
         profile_name) VALUES ('s', 'Shop', '', '', 'GBP', TRUE, '', 'Default pr.')"
            .to_owned(),
    );
    statements.push("INSERT INTO feed_counters (store_id, version) VALUES ('s', 0)".to_owned());
    for (version, profile) in [(1, default_profile()), (2, garden(5)), (3, garden(30))] {
        statements.push(format!(
            "INSERT INTO profile_versions (store_id, version, profile_name, body, published_at_ms) \
             VALUES ('s', {version}, '{}', {}, {version}000)",
            profile.name,
            literal(&holdfast_protocol::encode(&profile))
        ));
    }
    statements.push(
        "INSERT INTO profiles (store_id, name, published_version) VALUES ('s', 'Garden', 3), ('s', 'Default pr.', 1)"
            .to_owned(),
    );
    statements.push(
        "INSERT INTO registers (store_id, number, name, profile_name) VALUES ('s', 1, 'Till 1', NULL), \
         ('s', 2, 'Till 2', 'Garden')"
            .to_owned(),
    );
    statements
}

fn garden(offline_timeout_s: u32) -> Profile {
    let mut profile = Profile { name: "Garden".to_owned(), ..default_profile() };
    profile.device.offline_timeout_s = offline_timeout_s;
    profile
}

async fn run(place: &Place, statements: Vec<String>) {
    match place {
        Place::Folder(folder) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new()
                .filename(folder.join("holdfast.sqlite"))
                .create_if_missing(true);
            let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
            for statement in statements {
                sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
            }
            pool.close().await;
        }
        Place::Address(address) => {
            let pool = sqlx::PgPool::connect(address.as_str()).await.unwrap();
            for statement in statements {
                sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
            }
            pool.close().await;
        }
    }
}

#[tokio::test]
async fn what_was_published_is_the_draft_and_registers_get_what_they_got() {
    let test_database = TestDatabase::fresh().await;
    run(&test_database.place, statements()).await;
    let database = Database::open(&test_database.place).await.unwrap();
    let shelf = database.profile_shelf("s").await.unwrap();
    let drafts: Vec<(u64, u64, &Profile)> =
        shelf.profiles.iter().map(|kept| (kept.id, kept.revision, &kept.draft)).collect();
    assert_eq!(drafts, [(1, 1, &default_profile()), (2, 1, &garden(30))]);
    for kept in &shelf.profiles {
        let published = kept.published.as_ref().unwrap();
        assert_eq!((&published.profile, published.published_by.as_str()), (&kept.draft, "not recorded"));
        assert_eq!(published.published_at_ms, kept.updated_at_ms);
    }
    assert_eq!((shelf.store_profile, shelf.last_id, shelf.last_version), (Some(1), 2, 3));
    assert_eq!(shelf.registers_own(2), [2]);
    assert_eq!(database.store_overview("s").await.unwrap().unwrap().profile, "Default pr.");
    for (number, version) in [(1, 1), (2, 3)] {
        let key = RegisterKey { store_id: "s".to_owned(), number };
        assert_eq!(database.profile_of(&key).await.unwrap().unwrap().version, version);
    }
    let versions = database.profile_versions("s", 2).await.unwrap();
    assert_eq!(versions.iter().map(|record| record.version).collect::<Vec<_>>(), [3, 2]);

    // And it goes on from there.
    let mut mine = garden(31);
    mine.name = "Yard".to_owned();
    let order = |change| ProfileOrder { by: "ann".to_owned(), at_ms: 9_000, change };
    let save = ProfileChange::Save {
        id: 2,
        base_revision: 1,
        profile: mine.clone(),
        renames: Vec::new(),
        choices: std::collections::BTreeMap::new(),
    };
    database.change_profiles("s", &order(save)).await.unwrap().unwrap();
    let publish = ProfileChange::Publish { id: 2, revision: 2 };
    assert_eq!(database.change_profiles("s", &order(publish)).await.unwrap().unwrap().version, Some(4));
    let key = RegisterKey { store_id: "s".to_owned(), number: 2 };
    assert_eq!(database.profile_of(&key).await.unwrap().unwrap().profile, mine);
    database.close().await;
}
