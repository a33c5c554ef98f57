//! `POST /api/v1/pull`: what has changed in a table since a cursor.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use holdfast_protocol::messages::{PULL_ROWS_MAX, PullReply, PullRequest};

use super::message::Message;
use super::registered::Admitted;
use crate::app::App;
use crate::error::{ApiError, RegisterError};
use crate::views::Source;

/// Bytes of rows after which a reply takes no further one.
const PULL_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Gives the next changes in order, or says that the register must start again from a snapshot.
pub async fn pull(
    State(app): State<App>,
    Admitted { registered, permit: _permit }: Admitted,
    Message(request): Message<PullRequest>,
) -> Result<Response, RegisterError> {
    let PullRequest { table, since, rows_max, profile_version } = request;
    let Source { feed, view, .. } = registered.source(&app, table, profile_version).await?;
    let rows_max = rows_max.clamp(1, PULL_ROWS_MAX);
    let store_id = &registered.0.key.store_id;
    let changes = app.database().changes(store_id, feed, since, rows_max, PULL_BYTES_MAX).await?;
    // A cursor beyond the head is of another life of this database, such as before a backup was restored.
    if since < changes.head.oldest_cursor || since > changes.head.head {
        let reply = PullReply {
            table,
            since,
            up_to: since,
            more: false,
            restart: true,
            changes: Vec::new(),
            rows: None,
            view,
        };
        return Ok(Message(reply).into_response());
    }
    let up_to = match changes.rows.last() {
        Some(last) if changes.more => last.version,
        Some(_) | None => changes.head.head,
    };
    let rows = (!changes.more).then_some(changes.head.rows_count);
    let (more, changes) = (changes.more, changes.rows);
    let reply = Message(PullReply { table, since, up_to, more, restart: false, changes, rows, view });
    Ok(app.admission().reply(reply.into_parts()).await.map_err(ApiError::Busy)?)
}
