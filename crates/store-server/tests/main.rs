//! Tests of the store server.
