//! Brings the schema up to date, while other processes may be about to do the same.
//!
//! Each step is one transaction that first inserts its own number. The unique key makes a second process wait there
//! until the first has committed; then it fails, and begins again with what it finds. No lock is needed that some
//! database might not have. The table is the one that sqlx's own migrator keeps: databases made by it are read on.

use std::time::Duration;

use sha2::{Digest, Sha384};

use super::{Backend, STEPS_TABLE};
use crate::database::DatabaseError;
use crate::database::migrations::Step;

/// How often the same is tried while another process does it.
const TRIES_MAX: u32 = 100;
/// PostgreSQL's codes for a type and for a table that is there already.
const JUST_MADE: [&str; 2] = ["42710", "42P07"];
const PAUSE: Duration = Duration::from_millis(100);

impl Backend {
    /// Takes those of `steps` that the database has not taken yet, in their order.
    pub(in crate::database) async fn bring_up_to_date(&self, steps: &[Step]) -> Result<(), DatabaseError> {
        for _ in 0..TRIES_MAX {
            match self.take_steps(steps).await {
                Err(DatabaseError::Collided(_)) => tokio::time::sleep(PAUSE).await,
                done => return done,
            }
        }
        Err(DatabaseError::Busy)
    }

    async fn take_steps(&self, steps: &[Step]) -> Result<(), DatabaseError> {
        let mut making = self.begin().await?;
        sqlx::raw_sql(STEPS_TABLE).execute(&mut *making).await.map_err(unless_just_made)?;
        making.commit().await?;
        let taken: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
                .fetch_all(&mut *self.begin().await?)
                .await?;
        for (version, checksum) in &taken {
            let step = steps.iter().find(|step| step.version == *version);
            let step = step.ok_or(DatabaseError::NewerSchema { step: *version })?;
            if checksum_of(step) != *checksum {
                return Err(DatabaseError::CannotOpen(format!(
                    "step {version} of its schema, “{}”, was another one when it was taken",
                    step.name
                )));
            }
        }
        for step in steps.iter().filter(|step| taken.iter().all(|(version, _)| *version != step.version)) {
            self.take_step(step).await?;
        }
        Ok(())
    }

    async fn take_step(&self, step: &Step) -> Result<(), DatabaseError> {
        let mut taking = self.begin().await?;
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES ($1, $2, TRUE, $3, -1)",
        )
        .bind(step.version)
        .bind(step.name)
        .bind(checksum_of(step))
        .execute(&mut *taking)
        .await?;
        let made = sqlx::raw_sql(step.sql).execute(&mut *taking).await.map_err(DatabaseError::from);
        if let Err(DatabaseError::Failed(error)) = made {
            return Err(DatabaseError::CannotOpen(format!(
                "step {} of its schema, “{}”, failed, and nothing was changed: {error}. \
                 Are there tables of something else in it? Then give Holdfast a database of its own",
                step.version, step.name
            )));
        }
        made?;
        Ok(taking.commit().await?)
    }
}

/// PostgreSQL looks for a table before it takes its name: another process may have made it in between.
fn unless_just_made(error: sqlx::Error) -> DatabaseError {
    let code = error.as_database_error().and_then(|error| error.code());
    if code.is_some_and(|code| JUST_MADE.contains(&code.as_ref())) {
        return DatabaseError::Collided(error);
    }
    error.into()
}

fn checksum_of(step: &Step) -> Vec<u8> {
    Sha384::digest(step.sql.as_bytes()).to_vec()
}
