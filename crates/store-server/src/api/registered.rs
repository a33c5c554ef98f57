//! The register that sends a request, known by its token.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use holdfast_profile::TableId;

use crate::admission::BulkPermit;
use crate::app::App;
use crate::database::{PublishedProfile, Register};
use crate::error::{ApiError, RegisterError};
use crate::secrets;

/// The register that sends a request.
#[derive(Debug)]
pub struct Registered(pub Register);

impl FromRequestParts<App> for Registered {
    type Rejection = RegisterError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(secrets::from_hex)
            .ok_or(ApiError::RegisterUnknown)?;
        let register = app.database().register_by_token(secrets::register_token_hash(&token)).await?;
        Ok(Registered(register.ok_or(ApiError::RegisterUnknown)?))
    }
}

/// A register whose bulk request has its turn.
#[derive(Debug)]
pub struct Admitted {
    /// The register.
    pub registered: Registered,
    /// At work while this lives.
    pub permit: BulkPermit,
}

impl FromRequestParts<App> for Admitted {
    type Rejection = RegisterError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let registered = Registered::from_request_parts(parts, app).await?;
        let permit = app.admission().bulk(&registered.0.key).await.map_err(ApiError::Busy)?;
        Ok(Admitted { registered, permit })
    }
}

impl Registered {
    /// The register's published profile.
    pub async fn profile(&self, app: &App) -> Result<PublishedProfile, ApiError> {
        app.database().profile_of(&self.0.key).await?.ok_or_else(|| {
            tracing::error!(register = self.0.key.number, "the register has no published profile");
            ApiError::Internal
        })
    }

    /// Whether the register may download a table.
    pub async fn check_downloads(&self, app: &App, table: TableId) -> Result<(), ApiError> {
        let profile = self.profile(app).await?.profile;
        if profile.download_tables().contains(&table) {
            Ok(())
        } else {
            Err(ApiError::TableNotInProfile(table.name().to_owned()))
        }
    }
}
