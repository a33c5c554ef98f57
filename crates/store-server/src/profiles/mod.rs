//! Offline profiles as administrators change them: drafts, the scopes that they share, versions, who uses which.
//!
//! Owns what an order of an administrator does ([`decide`], pure) and what registers would have to do for it
//! ([`preview`], [`rollout`]), and what they have of it ([`register_scopes`]). The store database loads a [`ProfileShelf`], asks, and writes the [`Decision`], all in
//! one transaction that others wait for: of two orders at once the second sees what the first has done.

mod assignment;
mod decide;
mod lost_draft;
mod order;
pub mod preview;
pub mod register_scopes;
pub mod rollout;
mod shelf;

pub use assignment::{Assignment, Giving};
pub use decide::{Decision, decide};
pub use lost_draft::LostDraft;
pub use order::{ChangedOther, Earlier, ProfileChange, ProfileDone, ProfileOrder, ProfileRefusal};
pub use shelf::{KeptProfile, ProfileRegister, ProfileShelf};

/// Who published the profile that a new store begins with.
pub const SET_UP: &str = "store server";
/// Who acts on the command line.
pub const COMMAND_LINE: &str = "command line";
