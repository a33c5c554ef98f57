//! The engine's behaviours, on a bench where the test decides what answers and when.

mod bench;
mod connection;
mod digests;
mod downloads;
mod hostile;
mod later_outcomes;
mod look_ups;
mod old_and_new;
mod pace;
mod parts;
mod pictures;
mod profile_moves;
mod profile_room;
mod slowness;
mod uploads;
