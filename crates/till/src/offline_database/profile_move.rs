//! A move to another version of the profile: how far it is, and why the register is not there yet.

use holdfast_sync::{MoveFailure, MoveStatus, Status};
use holdfast_ui::messages::till as text;
use holdfast_ui::{Banner, Tone, size, table_words};
use leptos::prelude::*;

use crate::live;
use crate::till::use_till;

/// Why a version is not taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Failed {
    title: String,
    detail: String,
    /// The detail is in the engine's words.
    foreign: bool,
}

/// What is said of a move; nothing where there is none.
#[component]
pub fn ProfileMove() -> impl IntoView {
    let status = use_till().connection.status;
    let under_way = Memo::new(move |_| status.with(|status| status.as_ref().and_then(under_way)));
    let failed = Memo::new(move |_| {
        status.with(|status| failed(status.as_ref().and_then(|status| status.moving.as_ref())?))
    });
    view! {
        {live::maybe(move || under_way.get().map(|words| view! {
            <p class="muted" data-testid="profile-move">{words}</p>
        }.into_any()))}
        {live::maybe(move || failed.get().map(|Failed { title, detail, foreign }| view! {
            <Banner tone=Tone::Wait title=title detail=detail foreign=foreign test_id="profile-move-failed" />
        }.into_any()))}
    }
}

fn under_way(status: &Status) -> Option<String> {
    let moving = status.moving.as_ref()?;
    let version = moving.version as u64;
    match moving.progress {
        Some((rows, total)) if total > 0 => Some(text::database_move_rows(version, rows, total)),
        Some(_) => Some(text::database_move(version)),
        // What it waits for is said elsewhere.
        None if status.profile_waits_for_outbox || moving.failure.is_some() => None,
        None => Some(text::database_move(version)),
    }
}

fn failed(moving: &MoveStatus) -> Option<Failed> {
    let (detail, foreign) = match moving.failure.as_ref()? {
        MoveFailure::NoRoom { needs_bytes, free_bytes: Some(free_bytes), .. } => {
            (text::database_move_no_room(&size::bytes(*needs_bytes), &size::bytes(*free_bytes)), false)
        }
        MoveFailure::NoRoom { needs_bytes, free_bytes: None, .. } => {
            (text::database_move_full(&size::bytes(*needs_bytes)), false)
        }
        MoveFailure::Unreadable { table, page_no } => {
            (text::database_move_unreadable(u64::from(*page_no), table_words::table(*table)), false)
        }
        MoveFailure::Other { reason } => (reason.clone(), true),
    };
    Some(Failed { title: text::database_move_failed(moving.version as u64), detail, foreign })
}

#[cfg(test)]
mod tests {
    use holdfast_profile::TableId;

    use super::*;

    fn moving(progress: Option<(u64, u64)>, failure: Option<MoveFailure>) -> MoveStatus {
        MoveStatus { version: 7.0, progress, failure }
    }

    #[test]
    fn a_move_says_how_far_it_is() {
        let said = |moving, profile_waits_for_outbox| {
            under_way(&Status { moving, profile_waits_for_outbox, ..status() })
        };
        let rows = Some("Moves to version 7: 1,200 of 3,000 rows.".to_owned());
        assert_eq!(said(Some(moving(Some((1_200, 3_000)), None)), false), rows);
        assert_eq!(said(Some(moving(Some((0, 0)), None)), false).as_deref(), Some("Moves to version 7."));
        assert_eq!(said(Some(moving(None, None)), false).as_deref(), Some("Moves to version 7."));
        assert_eq!(said(Some(moving(None, None)), true), None);
        let other = MoveFailure::Other { reason: "x".into() };
        assert_eq!(said(Some(moving(None, Some(other))), false), None);
        assert_eq!(said(None, false), None);
    }

    #[test]
    fn a_move_that_fails_says_why() {
        let said = |failure| {
            let Failed { title, detail, foreign } = failed(&moving(None, Some(failure))).expect("it failed");
            assert!(title.contains("Version 7"), "{title}");
            (detail, foreign)
        };
        let no_room =
            |free_bytes| MoveFailure::NoRoom { needs_bytes: 300_000_000, free_bytes, tables: vec![] };
        let (detail, foreign) = said(no_room(Some(120_000_000)));
        assert!(detail.contains("300\u{a0}MB") && detail.contains("120\u{a0}MB") && !foreign, "{detail}");
        let (detail, _) = said(no_room(None));
        assert!(detail.contains("300\u{a0}MB") && detail.contains("storage is full"), "{detail}");
        let (detail, _) = said(MoveFailure::Unreadable { table: TableId::Product, page_no: 3 });
        assert!(detail.starts_with("Page 3 of Products"), "{detail}");
        assert_eq!(said(MoveFailure::Other { reason: "no such".into() }), ("no such".to_owned(), true));
        assert_eq!(failed(&moving(Some((1, 2)), None)), None);
    }

    fn status() -> Status {
        Status {
            mode: holdfast_sync::Mode::Online,
            waiting: 0,
            rejected: 0,
            last_exchange_at_ms: None,
            profile: None,
            next_upload: holdfast_sync::NextUpload::AtOnce,
            is_uploading: false,
            is_slow: false,
            looked_for_profile_at_ms: None,
            profile_waits_for_outbox: false,
            moving: None,
            offline_timeout_s: 10,
            reconnect_interval_min: 5,
            scopes: vec![],
            download_progress: None,
            ready_to_sell: true,
            last_error: None,
            update_required: false,
            deactivated: false,
        }
    }
}
