//! Admission: how many requests are at work at once, who waits, and who is asked to come again.
//!
//! *Live* requests (activation, contact, profile, look-up, the back office) and *bulk* (upload, manifest, page, pull) have
//! rooms of their own, so that a chain that comes back with a day's sales does not stand in the way of a sign-in; so
//! have imports of the back office, one at a time, the texts of profiles and the counting for previews; and exports of
//! registers, which may be long on their way when many shifts end at once, and sales must not wait for them. Look-ups are
//! live, and of those only a few are at work or wait. Bulk is
//! fair between registers ([`scheduler`]). Health and the pages are in memory and pass no room. The state is one
//! process's; the database knows nothing of it.

mod bulk;
mod live;
mod reply_share;
pub mod scheduler;

use std::num::NonZeroUsize;
use std::time::Duration;

use axum::http::Response;
use tokio::sync::OwnedSemaphorePermit;

use crate::attempts::Wait;
use crate::database::{Database, RegisterKey};

pub use bulk::BulkPermit;
pub use live::{live_for_administrators, live_for_registers};
pub use reply_share::Untaken;

use bulk::BulkRoom;
use live::LiveRoom;
use reply_share::ReplyShares;
use scheduler::Limits;

/// Bulk requests of all registers that wait. Their bodies are not read before they are admitted.
const BULK_WAITING_MAX: usize = 512;
/// Bulk requests of one register that wait: what its engine has on its way at once.
const BULK_WAITING_EACH_MAX: usize = 4;
/// Longest wait that a bulk request begins, by what is known then.
const BULK_WAIT_EXPECTED_MAX: Duration = Duration::from_secs(5);
/// Longest wait of a bulk request: well within what its register waits for an answer.
const BULK_WAIT_MAX: Duration = Duration::from_secs(10);
/// Live requests at work; each is a few reads.
const LIVE_AT_WORK_MAX: usize = 64;
/// Live requests whose body arrives; each holds what has come of it, some kilobytes.
const LIVE_ARRIVING_MAX: usize = 1_024;
/// Live requests that wait.
const LIVE_WAITING_MAX: usize = 2_048;
/// Profiles whose text arrives from the back office; each may have a megabyte.
const DRAFTS_ARRIVING_MAX: usize = 8;
/// Look-ups at work: each may read all names of a store, and must leave connections and cores to contacts and sign-ins.
const LOOK_UPS_AT_WORK_MAX: usize = 2;
/// Look-ups that wait, each with a place among live requests: most of those stay free.
const LOOK_UPS_WAITING_MAX: usize = 16;
/// Exports that arrive and are read; each is in memory whole.
const EXPORTS_AT_WORK_MAX: usize = 2;
/// Longest wait of a live request.
const LIVE_WAIT_MAX: Duration = Duration::from_secs(5);
/// Bytes of replies that are on their way to registers and are not shared between them.
const REPLY_BYTES_MAX: usize = 48 * 1024 * 1024;
/// Longest wait of a reply for its part of them: its request is at work meanwhile.
const REPLY_WAIT_MAX: Duration = Duration::from_secs(2);

/// How much of what is let in.
#[derive(Debug, Clone, Copy)]
pub struct AdmissionLimits {
    /// Bulk requests at work, waiting, and for how long they are expected to.
    pub bulk: Limits,
    /// Longest wait of a bulk request.
    pub bulk_wait_max: Duration,
    /// Live requests at work.
    pub live_at_work_max: usize,
    /// Live requests whose body arrives.
    pub live_arriving_max: usize,
    /// Live requests that wait.
    pub live_waiting_max: usize,
    /// Longest wait of a live request.
    pub live_wait_max: Duration,
    /// Exports that arrive and are read.
    pub exports_at_work_max: usize,
    /// Bytes of replies on their way.
    pub reply_bytes_max: usize,
    /// Longest wait of a reply for its part of them.
    pub reply_wait_max: Duration,
}

impl AdmissionLimits {
    /// For a machine with so many cores and a database with so many connections for reading.
    pub fn new(cores: usize, connections: usize) -> AdmissionLimits {
        AdmissionLimits {
            bulk: Limits {
                // One writes, the others arrive, are read and checked: more would only take the cores from live ones.
                // Half of the connections stay free for those, and for snapshots and views that are made.
                at_work_max: cores.saturating_add(1).max(3).min((connections / 2).max(1)),
                waiting_max: BULK_WAITING_MAX,
                waiting_each_max: BULK_WAITING_EACH_MAX,
                wait_ms_max: u64::try_from(BULK_WAIT_EXPECTED_MAX.as_millis()).unwrap_or(u64::MAX),
            },
            bulk_wait_max: BULK_WAIT_MAX,
            live_at_work_max: LIVE_AT_WORK_MAX,
            live_arriving_max: LIVE_ARRIVING_MAX,
            live_waiting_max: LIVE_WAITING_MAX,
            live_wait_max: LIVE_WAIT_MAX,
            exports_at_work_max: EXPORTS_AT_WORK_MAX,
            reply_bytes_max: REPLY_BYTES_MAX,
            reply_wait_max: REPLY_WAIT_MAX,
        }
    }

    /// For this machine and a database.
    pub fn on(database: &Database) -> AdmissionLimits {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        AdmissionLimits::new(cores, database.reading_connections())
    }
}

/// The rooms and the bytes on their way out.
#[derive(Debug)]
pub struct Admission {
    bulk: BulkRoom,
    arriving: LiveRoom,
    live: LiveRoom,
    imports: LiveRoom,
    look_ups: LiveRoom,
    exports: LiveRoom,
    drafts: LiveRoom,
    previews: LiveRoom,
    replies: ReplyShares,
}

impl Admission {
    /// Empty rooms.
    pub fn new(limits: AdmissionLimits) -> Admission {
        let live = |at_work_max| LiveRoom::new(at_work_max, limits.live_waiting_max, limits.live_wait_max);
        Admission {
            bulk: BulkRoom::new(limits.bulk, limits.bulk_wait_max),
            arriving: live(limits.live_arriving_max),
            live: live(limits.live_at_work_max),
            imports: live(1),
            look_ups: LiveRoom::new(LOOK_UPS_AT_WORK_MAX, LOOK_UPS_WAITING_MAX, limits.live_wait_max),
            exports: live(limits.exports_at_work_max),
            drafts: live(DRAFTS_ARRIVING_MAX),
            previews: live(1),
            replies: ReplyShares::new(limits.reply_bytes_max, limits.reply_wait_max),
        }
    }

    /// Waits for a register's turn; whoever holds the permit is at work.
    ///
    /// # Errors
    /// [`Wait`] when the room is full or it took too long: how long to stay away.
    pub async fn bulk(&self, key: &RegisterKey) -> Result<BulkPermit, Wait> {
        self.bulk.enter(key.clone()).await
    }

    /// Bulk requests that wait for their turn.
    pub fn bulk_waiting_count(&self) -> usize {
        self.bulk.waiting_count()
    }

    /// Waits until no other file is imported: one may be large, and is in memory whole.
    ///
    /// # Errors
    /// [`Wait`] when it took too long: how long to stay away.
    pub async fn import(&self) -> Result<OwnedSemaphorePermit, Wait> {
        self.imports.enter().await
    }

    /// Waits for a place for a look-up that is let in already.
    ///
    /// # Errors
    /// [`Wait`] when it took too long: how long to stay away.
    pub async fn look_up(&self) -> Result<OwnedSemaphorePermit, Wait> {
        self.look_ups.enter().await
    }

    /// Waits for a place for a register's export, which it keeps until it is read.
    ///
    /// # Errors
    /// [`Wait`] when it took too long: how long to stay away.
    pub async fn export(&self) -> Result<OwnedSemaphorePermit, Wait> {
        self.exports.enter().await
    }

    /// Waits for a place for a profile's text that arrives.
    ///
    /// # Errors
    /// [`Wait`] when it took too long: how long to stay away.
    pub async fn draft(&self) -> Result<OwnedSemaphorePermit, Wait> {
        self.drafts.enter().await
    }

    /// Waits until nothing else is counted for a preview: that reads tables whole, while tills sell.
    ///
    /// # Errors
    /// [`Wait`] when it took too long: how long to stay away.
    pub async fn preview(&self) -> Result<OwnedSemaphorePermit, Wait> {
        self.previews.enter().await
    }

    /// Waits for a place among live requests, for one that did not pass there with its body.
    ///
    /// # Errors
    /// [`Wait`] when it took too long: how long to stay away.
    pub async fn live(&self) -> Result<OwnedSemaphorePermit, Wait> {
        self.live.enter().await
    }

    /// Sends a reply of bytes that are its own, once there is memory for them.
    ///
    /// # Errors
    /// [`Wait`] when others are too slow to take theirs: how long to stay away.
    pub async fn reply(&self, response: Response<Vec<u8>>) -> Result<axum::response::Response, Wait> {
        self.replies.take(response).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bulk_leaves_half_of_the_connections() {
        let at_work = |cores, connections| AdmissionLimits::new(cores, connections).bulk.at_work_max;
        assert_eq!((at_work(1, 8), at_work(2, 8), at_work(64, 8)), (3, 3, 4));
        assert_eq!((at_work(2, 12), at_work(64, 12)), (3, 6));
        assert_eq!(at_work(2, 1), 1);
    }
}
