//! Counters of attempts to guess; [`crate::attempts`] decides what they mean.

use super::{Backend, Connection};
use crate::attempts::{Door, REMEMBER_MS, Tally, Wait, count};
use crate::database::DatabaseError;

/// Stands for all addresses together.
const ALL: &str = "";

impl Backend {
    pub(in crate::database) async fn begin_attempt(
        &self,
        door: Door,
        peer: &str,
        now_ms: i64,
    ) -> Result<Option<Wait>, DatabaseError> {
        let mut writing = self.begin().await?;
        sqlx::query(
            "INSERT INTO attempts (door, peer, failed, until_ms, last_at_ms) VALUES ($1, $2, 0, 0, $3) \
             ON CONFLICT (door, peer) DO NOTHING",
        )
        .bind(door.name())
        .bind(ALL)
        .bind(now_ms)
        .execute(&mut *writing)
        .await?;
        // Whoever is at the same door waits here: attempts are counted one after the other.
        let all: (i64, i64) = sqlx::query_as(for_update!(
            "SELECT failed, until_ms FROM attempts WHERE door = $1 AND peer = $2"
        ))
        .bind(door.name())
        .bind(ALL)
        .fetch_one(&mut *writing)
        .await?;
        let known: Option<(i64, i64)> =
            sqlx::query_as("SELECT failed, until_ms FROM attempts WHERE door = $1 AND peer = $2")
                .bind(door.name())
                .bind(peer)
                .fetch_optional(&mut *writing)
                .await?;
        let (all, known) = match count(tally(all), known.map(tally).unwrap_or_default(), now_ms) {
            Ok(counted) => counted,
            Err(wait) => return Ok(Some(wait)),
        };
        keep(&mut writing, door, ALL, all, now_ms).await?;
        keep(&mut writing, door, peer, known, now_ms).await?;
        sqlx::query("DELETE FROM attempts WHERE door = $1 AND last_at_ms < $2")
            .bind(door.name())
            .bind(now_ms - REMEMBER_MS)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(None)
    }

    pub(in crate::database) async fn attempt_was_right(
        &self,
        door: Door,
        peer: &str,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        sqlx::query("UPDATE attempts SET failed = failed - 1 WHERE door = $1 AND peer = $2 AND failed > 0")
            .bind(door.name())
            .bind(ALL)
            .execute(&mut *writing)
            .await?;
        sqlx::query("DELETE FROM attempts WHERE door = $1 AND peer = $2")
            .bind(door.name())
            .bind(peer)
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }
}

fn tally((failed, until_ms): (i64, i64)) -> Tally {
    Tally { failed, until_ms }
}

async fn keep(
    writing: &mut Connection,
    door: Door,
    peer: &str,
    tally: Tally,
    now_ms: i64,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO attempts (door, peer, failed, until_ms, last_at_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (door, peer) DO UPDATE SET failed = excluded.failed, until_ms = excluded.until_ms, \
         last_at_ms = excluded.last_at_ms",
    )
    .bind(door.name())
    .bind(peer)
    .bind(tally.failed)
    .bind(tally.until_ms)
    .bind(now_ms)
    .execute(writing)
    .await?;
    Ok(())
}
