//! The first connection: whether there is a database, whether it is fit, and if not, what to do.
//!
//! Owns the words for it. An address may hold a password: nothing here shows an address, only its parts.

use std::fmt::Write;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use crate::database::DatabaseError;

/// How long a server may take to answer.
const CONNECT_AT_MOST: Duration = Duration::from_secs(10);
/// The oldest version whose SQL is enough, as `server_version_num` says it.
const VERSION_MIN: u32 = 110_000;
/// Invalid user or password.
const REFUSES_USER: [&str; 2] = ["28P01", "28000"];
const NO_SUCH_DATABASE: &str = "3D000";

/// Reads a `postgres://` address.
pub(super) fn read_address(address: &str) -> Result<PgConnectOptions, DatabaseError> {
    let is_one = ["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme));
    if !is_one {
        return Err(DatabaseError::CannotOpen(
            "the database's address does not begin with postgres:// — without an address, the store database is a \
             SQLite file in the data folder"
                .to_owned(),
        ));
    }
    let options = PgConnectOptions::from_str(address).map_err(|error| {
        DatabaseError::CannotOpen(format!(
            "the database's address is not one ({error}); it reads postgres://USER:PASSWORD@HOST:PORT/DATABASE, and \
             what is not a letter or digit in the password is written as %XX"
        ))
    })?;
    Ok(options.application_name("holdfast"))
}

/// Connects once.
pub(super) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, DatabaseError> {
    match tokio::time::timeout(CONNECT_AT_MOST, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(DatabaseError::CannotOpen(why_not(options, &error))),
        Err(_) => Err(DatabaseError::CannotOpen(format!(
            "no answer from {} within {} s. Is it PostgreSQL, and does a firewall let this machine pass?",
            shown(options),
            CONNECT_AT_MOST.as_secs()
        ))),
    }
}

fn why_not(options: &PgConnectOptions, error: &sqlx::Error) -> String {
    let at = shown(options);
    let code = error.as_database_error().and_then(|inner| inner.code()).unwrap_or_default();
    if REFUSES_USER.contains(&code.as_ref()) {
        return format!("{at} refuses the user or the password ({error}). Check both, and its pg_hba.conf");
    }
    if code == NO_SUCH_DATABASE {
        return format!("{at}: there is no such database. `createdb {}` makes one", name_of(options));
    }
    if matches!(error, sqlx::Error::Io(_)) {
        return format!("nothing answers at {at} ({error}). Does PostgreSQL run there?");
    }
    format!("{at}: {error}")
}

/// What the server says about itself; `None` where it does not know the setting, as other engines do.
struct Settings {
    version_num: Option<String>,
    encoding: Option<String>,
    synchronous_commit: Option<String>,
    fsync: Option<String>,
}

/// Whether the database can hold what Holdfast writes, and keeps what it said it has.
pub(super) async fn check_server(
    connection: &mut PgConnection,
    options: &PgConnectOptions,
) -> Result<(), DatabaseError> {
    let (version_num, encoding, synchronous_commit, fsync) = sqlx::query_as(
        "SELECT current_setting('server_version_num', true), current_setting('server_encoding', true), \
         current_setting('synchronous_commit', true), current_setting('fsync', true)",
    )
    .fetch_one(connection)
    .await?;
    match unfit(&Settings { version_num, encoding, synchronous_commit, fsync }) {
        Some(why) => Err(DatabaseError::CannotOpen(format!("{}: {why}", shown(options)))),
        None => Ok(()),
    }
}

/// Why Holdfast must not use such a server.
fn unfit(settings: &Settings) -> Option<String> {
    let version: Option<u32> = settings.version_num.as_deref().and_then(|number| number.parse().ok());
    if let Some(version) = version.filter(|version| *version < VERSION_MIN) {
        return Some(format!(
            "it is version {}; Holdfast needs {} or later",
            version / 10_000,
            VERSION_MIN / 10_000
        ));
    }
    if let Some(encoding) =
        settings.encoding.as_deref().filter(|encoding| !encoding.eq_ignore_ascii_case("UTF8"))
    {
        return Some(format!(
            "the database's encoding is {encoding}, which can't hold every text. \
             `createdb --encoding UTF8 --template template0 NAME` makes one that can"
        ));
    }
    let off = [("synchronous_commit", &settings.synchronous_commit), ("fsync", &settings.fsync)];
    let (name, _) = off.into_iter().find(|(_, value)| value.as_deref() == Some("off"))?;
    Some(format!(
        "its {name} is off, so a power cut could lose sales that registers have been told are safe. Set it to on"
    ))
}

/// Host, port, database and user; never the password.
fn shown(options: &PgConnectOptions) -> String {
    let mut shown = match options.get_socket() {
        Some(folder) => format!("the socket in {}", folder.display()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    // Writing to a string does not fail.
    write!(shown, ", database {}, user {}", name_of(options), options.get_username()).ok();
    shown
}

fn name_of(options: &PgConnectOptions) -> &str {
    options.get_database().unwrap_or_else(|| options.get_username())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(version: &str, encoding: &str, synchronous_commit: &str, fsync: &str) -> Settings {
        let some = |text: &str| Some(text.to_owned());
        Settings {
            version_num: some(version),
            encoding: some(encoding),
            synchronous_commit: some(synchronous_commit),
            fsync: some(fsync),
        }
    }

    #[test]
    fn a_server_that_could_lose_or_garble_something_is_refused() {
        assert_eq!(unfit(&settings("150018", "UTF8", "on", "on")), None);
        assert_eq!(unfit(&settings("150018", "UTF8", "remote_apply", "on")), None);
        let unknown = Settings { version_num: None, encoding: None, synchronous_commit: None, fsync: None };
        assert_eq!(unfit(&unknown), None);
        for (settings, part) in [
            (settings("90624", "UTF8", "on", "on"), "version 9; Holdfast needs 11"),
            (settings("150018", "SQL_ASCII", "on", "on"), "encoding is SQL_ASCII"),
            (settings("150018", "UTF8", "off", "on"), "synchronous_commit is off"),
            (settings("150018", "UTF8", "on", "off"), "fsync is off"),
        ] {
            let why = unfit(&settings).unwrap_or_default();
            assert!(why.contains(part), "{why}");
        }
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        let options = read_address("postgres://ann:s3cret@db.example:5433/chain?application_name=x").ok();
        let shown = options.map(|options| shown(&options)).unwrap_or_default();
        assert_eq!(shown, "db.example:5433, database chain, user ann");
        for wrong in ["postgres://ann:s3cret@db.example:port/chain", "mysql://ann:s3cret@db/chain", "s3cret"]
        {
            let said = read_address(wrong).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains("address") && !said.contains("s3cret"), "{said}");
        }
    }
}
