//! Pulling changes, from the last table to the first, and holding them.

use holdfast_protocol::messages::{PULL_ROWS_MAX, PullReply, PullRequest};

use super::round::{Held, Phase, Pull, Round, Work};
use crate::effect::Call;
use crate::engine::requests::Purpose;
use crate::engine::{Engine, REQUEST_TIMEOUT_MS};
use crate::store::TableRecord;

impl Engine {
    pub(super) fn step_pulls(&mut self, round: &mut Round, before: usize) -> bool {
        let Some(at) = before.checked_sub(1) else {
            round.phase = Phase::Show { at: 0, asked: false };
            return true;
        };
        let Some(work) = round.works.get_mut(at) else { return false };
        match work.pull {
            Pull::Asked => false,
            Pull::Done => {
                round.phase = Phase::Pulls { before: at };
                true
            }
            Pull::ToDo => {
                let since = work.since();
                // Read after the contact, rows of later tables may refer to rows that the contact didn't know.
                let to_go_on = work.held.as_ref().is_some_and(|held| held.more)
                    || self.state.tables.get(&work.table).is_some_and(TableRecord::is_part);
                let needed =
                    to_go_on || work.head > since || round.newest > round.cut || work.would_go_back();
                if needed && !self.may_sync() {
                    return false;
                }
                if work.build.is_some() {
                    round.newest = round.newest.max(since);
                }
                if needed {
                    work.pull = Pull::Asked;
                    let profile_version = round.moves_to;
                    let request =
                        PullRequest { table: work.table, since, rows_max: PULL_ROWS_MAX, profile_version };
                    let purpose = Purpose::Pull { table: work.table, since };
                    self.send(purpose, Call::Pull(request), REQUEST_TIMEOUT_MS);
                } else {
                    work.pull = Pull::Done;
                }
                !needed
            }
        }
    }

    pub(in crate::engine) fn pull_answered(&mut self, reply: PullReply) {
        let table = reply.table;
        let Some(round) = self.download.round.as_mut() else {
            return self.confused("changes came that no round wants");
        };
        let Some(at) = round.works.iter().position(|work| work.table == table) else {
            return self.confused("changes came of a table that is not in the round");
        };
        let Work { head, view, .. } = round.works[at];
        let was_built = round.works[at].build.is_some();
        if reply.view.unwrap_or(0) != view {
            return self.fail_for_other_view(table);
        }
        if reply.restart {
            if was_built {
                return self.fail_round(format!("the newest snapshot of {table} is too old to go on from"));
            }
            self.download.restart.insert(table);
            return self.abandon_download();
        }
        if let Some(what) = what_is_wrong(&reply, head) {
            return self.fail_round(format!("the store server's changes of {table} can't be: {what}"));
        }
        let PullReply { up_to, more, mut changes, rows, .. } = reply;
        let moves = round.moves_to.is_some();
        round.newest = changes.iter().map(|change| change.version).max().unwrap_or(0).max(round.newest);
        let work = &mut round.works[at];
        let mut held = work.held.take().map_or_else(Vec::new, |held| held.changes);
        held.append(&mut changes);
        work.held = Some(Held { changes: held, up_to, more, rows });
        work.pull = Pull::Done;
        if !more {
            // Until it is shown, what is visible is still a part: the round may yet fail.
        } else if moves || work.replaces_what_is_visible() {
            // What is visible may hold rows that a part of the changes since the snapshot would lack; and a move is all
            // or nothing.
            work.pull = Pull::ToDo;
        } else {
            // What comes after this table may refer to what is still missing in it.
            round.works.truncate(at + 1);
        }
    }
}

fn what_is_wrong(reply: &PullReply, head: u64) -> Option<&'static str> {
    let outside = |version: u64| version <= reply.since || version > reply.up_to;
    if reply.up_to < reply.since {
        Some("they go backwards")
    } else if reply.changes.iter().any(|change| outside(change.version)) {
        Some("a change lies outside the range of the reply")
    } else if reply.more && reply.up_to == reply.since {
        Some("there is more, but no step forward")
    } else if !reply.more && reply.up_to < head {
        Some("they end before what the contact announced")
    } else {
        None
    }
}
