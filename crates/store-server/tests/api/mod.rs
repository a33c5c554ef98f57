//! The register API, a file an endpoint.

mod activate;
mod admission;
mod contact;
mod digests;
mod export;
mod look_up;
mod pictures;
mod profile;
mod pull;
mod row_edits;
mod slow_bodies;
mod snapshot;
mod tax_exclusive;
mod upload;
mod upload_schedule;
mod versions;
mod views;
