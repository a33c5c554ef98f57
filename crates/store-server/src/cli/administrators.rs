//! `administrators`: who may sign in to the back office.

use clap::Subcommand;

use super::{COMMAND_LINE, DatabaseArguments, say, with_store};
use crate::administrators::{AdministratorChange, AdministratorName, AdministratorOrder};
use crate::clock::Clock;
use crate::passwords;

/// What is done to them.
#[derive(Debug, Subcommand)]
pub enum AdministratorsCommand {
    /// Print their names.
    List {
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Add one; prints a password for the back office.
    Add {
        /// What they are called, in the trail and at the sign-in.
        name: String,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Make a new password for one; all their sessions end.
    SetPassword {
        /// What they are called.
        name: String,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Remove one; all their sessions end, and what they did stays in the trail. The last one can't be removed.
    Remove {
        /// What they are called.
        name: String,
        #[command(flatten)]
        database: DatabaseArguments,
    },
}

/// Carries it out.
pub async fn execute(command: AdministratorsCommand) -> Result<(), String> {
    match command {
        AdministratorsCommand::List { database } => list(database).await,
        AdministratorsCommand::Add { name, database } => {
            let (password, password_hash) = fresh_password()?;
            let change = AdministratorChange::Add { password_hash };
            order(database, &name, change, |name| format!("{name} password: {password}\n")).await
        }
        AdministratorsCommand::SetPassword { name, database } => {
            let (password, password_hash) = fresh_password()?;
            let change = AdministratorChange::SetPassword { password_hash };
            order(database, &name, change, |name| format!("{name} password: {password}\n")).await
        }
        AdministratorsCommand::Remove { name, database } => {
            let removed = |name: &str| format!("{name} was removed and is signed in no more.\n");
            order(database, &name, AdministratorChange::Remove, removed).await
        }
    }
}

async fn list(database: DatabaseArguments) -> Result<(), String> {
    with_store(&database.place()?, async |database, _| {
        let names = database.administrators().await.map_err(|error| error.to_string())?;
        names.iter().for_each(|name| say(&format!("{name}\n")));
        Ok(())
    })
    .await
}

fn fresh_password() -> Result<(String, String), String> {
    let password = passwords::random_password().map_err(|error| error.to_string())?;
    let hash = passwords::hash(&password).map_err(|error| error.to_string())?;
    Ok((password, hash))
}

/// Has a change made, and says what was done with the name as it is kept.
async fn order(
    database: DatabaseArguments,
    typed: &str,
    change: AdministratorChange,
    words: impl FnOnce(&str) -> String,
) -> Result<(), String> {
    let name = AdministratorName::parse(typed).map_err(|error| error.to_string())?;
    let (by, at_ms) = (COMMAND_LINE.to_owned(), Clock::system().now_ms());
    let order = AdministratorOrder { by, at_ms, name, change };
    with_store(&database.place()?, async |database, store| {
        let done = database.change_administrators(&store.row.id, &order).await;
        let name = done.map_err(|error| error.to_string())?.map_err(|refusal| refusal.to_string())?;
        say(&words(&name));
        Ok(())
    })
    .await
}
