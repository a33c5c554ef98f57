//! The register that sends a request, known by its token.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use holdfast_profile::{Profile, TableId};

use crate::admission::BulkPermit;
use crate::app::App;
use crate::database::{DatabaseError, FeedId, PublishedProfile, Register};
use crate::error::{ApiError, RegisterError};
use crate::secrets;
use crate::views::Source;

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

    /// The version of a profile that the register says it has; none where it has none yet, or may not have that one.
    pub async fn profile_kept(&self, app: &App, said: u64) -> Result<Option<Profile>, ApiError> {
        if said == 0 { Ok(None) } else { Ok(app.database().profile_kept(&self.0.key, said).await?) }
    }

    /// The profile by which the register is served: the version that it said it has, else the published one.
    pub async fn profile_in_use(&self, app: &App) -> Result<Profile, ApiError> {
        match self.profile_kept(app, self.0.profile_version.unwrap_or(0)).await? {
            Some(kept) => Ok(kept),
            None => Ok(self.profile(app).await?.profile),
        }
    }

    /// Where the register finds a table that it may download: by the version of the profile that it asks for, else by
    /// the one that it has.
    pub async fn source(&self, app: &App, table: TableId, version: Option<u64>) -> Result<Source, ApiError> {
        let profile = match version {
            Some(version) => self.profile_kept(app, version).await?.ok_or(ApiError::NotFound)?,
            None => self.profile_in_use(app).await?,
        };
        self.source_by(app, &profile, table).await
    }

    async fn source_by(&self, app: &App, profile: &Profile, table: TableId) -> Result<Source, ApiError> {
        if !profile.download_tables().contains(&table) {
            return Err(ApiError::TableNotInProfile(table.name().to_owned()));
        }
        let store_id = &self.0.key.store_id;
        let feeds = app.views().for_download(app.database(), store_id, profile, app.now_ms()).await?;
        let source = feeds.source(table);
        if source.is_ready { Ok(source) } else { Err(DatabaseError::Busy.into()) }
    }

    /// Whether a page is of a table that the register downloads, and of the view of it that its profile has, or the
    /// published one that it may be moving to. `feed` is one that has the page.
    pub async fn check_page(&self, app: &App, feed: FeedId, address: [u8; 32]) -> Result<(), ApiError> {
        let in_use = self.profile_in_use(app).await?;
        let mut others = None;
        let refusal = match self.check_page_by(app, &in_use, feed, address, &mut others).await {
            Ok(()) => return Ok(()),
            Err(refusal) => refusal,
        };
        let published = self.profile(app).await?.profile;
        if published == in_use {
            return Err(refusal);
        }
        self.check_page_by(app, &published, feed, address, &mut others).await
    }

    /// `others` are the other feeds that have the page, once anybody asked for them.
    async fn check_page_by(
        &self,
        app: &App,
        profile: &Profile,
        feed: FeedId,
        address: [u8; 32],
        others: &mut Option<Vec<FeedId>>,
    ) -> Result<(), ApiError> {
        let mut refusal = match self.source_by(app, profile, feed.table).await {
            Ok(source) if source.feed == feed => return Ok(()),
            // Of another view: as if it were not there.
            Ok(_) => ApiError::NotFound,
            Err(error) => error,
        };
        let others = match others {
            Some(others) => others,
            None => {
                let mut feeds = app.database().page_feeds(&self.0.key.store_id, address).await?;
                feeds.retain(|other| *other != feed);
                others.insert(feeds)
            }
        };
        for &other in others.iter() {
            match self.source_by(app, profile, other.table).await {
                Ok(source) if source.feed == other => return Ok(()),
                Ok(_) => {}
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }
}
