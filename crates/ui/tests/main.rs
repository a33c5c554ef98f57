//! The generator of messages, which `build.rs` runs: its parts are compiled again here to be tested.

#[path = "../build/generate.rs"]
mod generate;
#[path = "../build/message_file.rs"]
mod message_file;
#[path = "../build/pseudo.rs"]
mod pseudo;

mod message_files;
