//! What an address says. One that can't be read is refused in the words of the API it belongs to, not in plain text.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};

use crate::error::ApiError;

/// The named parts of an address, if they can be read; `?` refuses the request.
pub type AddressParts<T> = Result<Path<T>, PathRejection>;

/// What stands after the question mark, if it can be read; `?` refuses the request.
pub type AddressQuery<T> = Result<Query<T>, QueryRejection>;

impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> Self {
        ApiError::Malformed(format!("The address can't be read: {}.", rejection.body_text()))
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        ApiError::Malformed(format!("The address can't be read: {}.", rejection.body_text()))
    }
}
