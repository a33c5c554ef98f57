//! The register API, a file an endpoint.

mod activate;
mod contact;
mod profile;
mod pull;
mod snapshot;
mod upload;
mod upload_schedule;
