//! What crosses the network, held to its frozen form and against whatever may arrive instead.

mod builders;
mod cbor;
mod compatibility;
mod conversions;
mod exports;
mod robustness;
mod row_columns;
mod row_merges;
mod samples;
