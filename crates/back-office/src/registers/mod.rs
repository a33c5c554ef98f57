//! Registers: what each has and lacks, activation codes, locking, adding.

mod add;
mod detail;
mod exports;
mod list;
mod lock;
mod mode;
mod new_code;
mod scopes;
mod shifts;
mod summary;

pub use add::RegisterDraft;
pub use detail::RegisterPage;
pub use list::RegistersPage;
pub use lock::{LockPanel, LockState};
pub use mode::RegisterMode;
pub use new_code::{NewCode, NewCodePanel};
