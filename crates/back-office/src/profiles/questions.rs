//! What an order is refused for until somebody says that it is meant, shown before it is given again: other profiles that
//! change too, changes that were never published and would be lost, and registers without room.

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Banner, Icon, Tone, time};
use leptos::prelude::*;

use super::changed_others::ChangedOthers;
use super::editor::finding_words;
use super::plan_words::difference_sentences;
use super::sentences::Sentences;
use crate::api::{ApiError, ChangedOther, LostDraft, Meant, Store};
use crate::state::app_state;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Whether a draft may be lost.
    LosesDraft(Box<LostDraft>),
    /// Whether other profiles are to change too.
    ChangesOthers(Vec<ChangedOther>),
    /// Whether it is published although no register has room for it; why that is so.
    NoRoom(Box<ApiError>),
}

impl Question {
    /// What a refusal asks; none where it can't be answered by giving the order again.
    pub fn of(error: &ApiError) -> Option<Question> {
        match (error.loses_draft(), error.changes_others()) {
            (Some(draft), _) => Some(Question::LosesDraft(Box::new(draft.clone()))),
            (None, Some(others)) => Some(Question::ChangesOthers(others.to_vec())),
            (None, None) => error.has_no_room().then(|| Question::NoRoom(Box::new(error.clone()))),
        }
    }

    /// What is meant once this is answered too. Of a draft it is the one that was shown: where it was saved again
    /// meanwhile, the store server asks again.
    pub fn answered(&self, meant: Meant) -> Meant {
        match self {
            Question::LosesDraft(draft) => Meant { drops_draft: Some(draft.revision), ..meant },
            Question::ChangesOthers(_) => Meant { also_changes_others: true, ..meant },
            Question::NoRoom(_) => Meant { force: true, ..meant },
        }
    }
}

/// The question, with all that whoever answers needs to know.
#[component]
pub fn Asked(question: Question) -> impl IntoView {
    match question {
        Question::LosesDraft(draft) => view! { <LosesDraft draft=*draft /> }.into_any(),
        Question::ChangesOthers(others) => view! { <ChangedOthers others /> }.into_any(),
        Question::NoRoom(error) => view! { <NoRoom error=*error /> }.into_any(),
    }
}

#[component]
fn NoRoom(error: ApiError) -> impl IntoView {
    let findings = error.problem().map(|problem| problem.findings.as_slice()).unwrap_or_default();
    let said: Vec<String> = findings.iter().map(finding_words).collect();
    view! {
        <Banner
            tone=Tone::Bad
            title=error.title()
            detail=TextProp::from(said.join(" "))
            test_id="no-room"
        />
    }
    .into_any()
}

#[component]
fn LosesDraft(draft: LostDraft) -> impl IntoView {
    let state = app_state();
    let currency = Memo::new(move |_| state.store.with(|store| store.and_then(Store::known_currency)));
    let LostDraft { name, updated_at_ms, updated_by, plan, .. } = draft;
    let detail = text::loses_draft_detail(&updated_by, &name, &time::full(updated_at_ms));
    view! {
        <Banner
            tone=Tone::Wait
            title=text::loses_draft_title()
            detail=TextProp::from(detail)
            test_id="loses-draft"
        />
        {move || view! { <Sentences sentences=difference_sentences(&plan, currency.get()) icon=Icon::Warn /> }}
    }
    .into_any()
}
