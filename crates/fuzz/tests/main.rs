//! Some thousand rounds of each target, always the same ones, and that no decoder is forgotten.

mod rounds;
