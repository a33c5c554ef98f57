//! The steps of a database's schema; `sql/schema.rs` takes them.

/// One step. Its number and its text never change once it is published.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Its number, from 1.
    pub version: i64,
    /// What it is about.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}

macro_rules! step {
    ($dialect:literal, $version:literal, $name:literal, $file:literal) => {
        Step {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../migrations/", $dialect, "/", $file, ".sql")),
        }
    };
}

/// The steps in the dialect of a backend: the folder of `migrations/` in which their texts are.
macro_rules! steps {
    ($dialect:literal) => {
        &[
            step!($dialect, 1, "start", "0001_start"),
            step!($dialect, 2, "change times", "0002_change_times"),
            step!($dialect, 3, "digests", "0003_digests"),
            step!($dialect, 4, "row edits", "0004_row_edits"),
            step!($dialect, 5, "views", "0005_views"),
            step!($dialect, 6, "mends", "0006_mends"),
            step!($dialect, 7, "attempts", "0007_attempts"),
            step!($dialect, 8, "view numbers", "0008_view_numbers"),
            step!($dialect, 9, "waiting after", "0009_waiting_after"),
            step!($dialect, 10, "brotli pages", "0010_brotli_pages"),
            step!($dialect, 11, "profile drafts", "0011_profile_drafts"),
            step!($dialect, 12, "register status", "0012_register_status"),
            step!($dialect, 13, "pictures and exports", "0013_pictures_and_exports"),
            step!($dialect, 14, "profile version counter", "0014_profile_version_counter"),
            step!($dialect, 15, "shift sales", "0015_shift_sales"),
            step!($dialect, 16, "shift bounds", "0016_shift_bounds"),
            step!($dialect, 17, "administrator names", "0017_administrator_names"),
            step!($dialect, 18, "newest sales", "0018_newest_sales"),
            step!($dialect, 19, "search texts", "0019_search_texts"),
            step!($dialect, 20, "profile errors", "0020_profile_errors"),
            step!($dialect, 21, "old apps", "0021_old_apps"),
            step!($dialect, 22, "register modes", "0022_register_modes"),
        ]
    };
}

/// Those of a SQLite file.
pub const ON_SQLITE: &[Step] = steps!("sqlite");
/// Those of PostgreSQL.
pub const ON_POSTGRES: &[Step] = steps!("postgres");
