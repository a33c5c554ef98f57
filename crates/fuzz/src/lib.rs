//! Fuzz targets: every place where bytes from outside become values.
//!
//! Owns one list of targets ([`targets::ALL`]), which a native loop and libFuzzer (`fuzz/`, where there is a
//! nightly compiler) share, the mutation of valid samples, and what counts as a failure: a panic, a value that
//! is not the same after it was written and read again, memory or time out of proportion to the input. Decides
//! nothing about what a decoder should accept.

#![forbid(unsafe_code)]

pub mod mutate;
pub mod random;
pub mod round;
pub mod samples;
pub mod targets;

/// Counts all memory of a program that uses this crate.
#[global_allocator]
pub static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;
