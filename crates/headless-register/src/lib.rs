//! Registers without a page: the engine and the rules of a till as a native program, for replay and load.
//!
//! Owns the driver of a native register (clock, HTTP, databases in memory), the replay of real baskets
//! through such registers against a real store server, and a network that can be cut. Holds no rule of its
//! own: what is sent when is decided by `holdfast_sync`, what a sale is by `holdfast_domain`.

#![forbid(unsafe_code)]

pub mod admin_api;
pub mod admin_profiles;
pub mod baskets;
pub mod catalogue;
pub mod clock;
pub mod customers;
pub mod cutting_proxy;
pub mod driver;
pub mod equality;
pub mod import_files;
pub mod load;
pub mod master_data_edits;
pub mod profile_changes;
pub mod random;
pub mod random_administrator;
pub mod refusal;
pub mod register;
pub mod register_api;
pub mod replay;
pub mod server_process;
pub mod summary;
pub mod traffic;
pub mod unpacked;
