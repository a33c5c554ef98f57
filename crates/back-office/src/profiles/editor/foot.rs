//! The foot of the editor, in the foot of the page, so that it is always in sight and covers nothing: what is to be mended, whether all is saved, and how to save or discard.

use std::collections::BTreeMap;

use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Button, ButtonKind, Icon, IconView, time};
use leptos::prelude::*;

use super::focusing::show_field;
use super::kept::NotKept;
use super::state::{Editor, Saving};
use super::working_copy::finding_words;
use crate::state::app_state;

/// The foot, while a profile is edited.
#[component]
pub fn EditorFoot() -> impl IntoView {
    let editor = app_state().editor;
    let is_here = Memo::new(move |_| editor.is_shown.get() && !editor.is_gone() && editor.read(|_| true));
    move || is_here.get().then(|| view! { <Foot editor /> })
}

#[component]
fn Foot(editor: Editor) -> impl IntoView {
    let has_findings = Memo::new(move |_| editor.findings.with(|findings| !findings.is_empty()));
    let is_saving = Memo::new(move |_| editor.saving.with(|saving| *saving == Saving::UnderWay));
    // While two changes meet, the choice between them is what saves.
    let is_meeting = Memo::new(move |_| editor.meeting.with(Option::is_some));
    let can_save = Signal::derive(move || {
        editor.is_changed.get() && !has_findings.get() && !is_saving.get() && !is_meeting.get()
    });
    let label = move || if is_saving.get() { text::saving() } else { text::save() };
    view! {
        <div class="editor-foot" data-testid="editor-foot">
            <Undoing editor />
            <div class="grow">
                <FirstFinding editor />
                <p class="small" role="status" aria-live="polite" data-testid="save-state">
                    {move || state_words(editor)}
                </p>
            </div>
            {move || editor.is_changed.get().then(|| view! {
                <Button
                    label=text::discard()
                    kind=ButtonKind::Quiet
                    on_press=move || editor.discard(text::discarded().to_owned())
                    test_id="discard"
                />
            })}
            <Button
                label=label
                kind=ButtonKind::Primary
                on_press=move || editor.save(BTreeMap::new(), || {})
                disabled=Signal::derive(move || !can_save.get())
                test_id="save"
            />
        </div>
    }
    .into_any()
}

/// The step that can be taken back.
#[component]
fn Undoing(editor: Editor) -> impl IntoView {
    move || {
        editor.undo.get().map(|undo| {
            view! {
                <div class="undoing" role="status">
                    <span class="grow breaks" dir="auto">{undo.words}</span>
                    <Button label=text::undo() on_press=move || editor.take_back() test_id="undo" />
                </div>
            }
        })
    }
}

/// Whether what is here is saved, and where it is kept if not.
fn state_words(editor: Editor) -> String {
    let saving = editor.saving.get();
    if let Saving::Failed(error) = &saving {
        return match error {
            crate::api::ApiError::Away(_) => text::save_away().to_owned(),
            crate::api::ApiError::Refused(problem) if problem.after_merge => {
                text::save_merge_invalid().to_owned()
            }
            // What is wrong stands above.
            crate::api::ApiError::Refused(problem) if !problem.findings.is_empty() => {
                text::save_failed(&error.title())
            }
            crate::api::ApiError::Refused(_)
            | crate::api::ApiError::SignedOut
            | crate::api::ApiError::NotUnderstood(_) => {
                text::save_failed(&format!("{} {}", error.title(), error.detail()))
            }
        };
    }
    if !editor.is_changed.get() {
        return match saving {
            Saving::Saved { at_ms, .. } => text::saved_at(&time::clock(at_ms)),
            Saving::Idle | Saving::UnderWay | Saving::Failed(_) => text::all_saved().to_owned(),
        };
    }
    match editor.not_kept.get() {
        None => text::not_saved_kept().to_owned(),
        Some(reason) => text::not_saved_not_kept(match reason {
            NotKept::NoStorage => text::not_kept_no_storage(),
            NotKept::TooLarge => text::not_kept_too_large(),
            NotKept::Full => text::not_kept_full(),
            NotKept::OtherTab => text::not_kept_other_tab(),
        }),
    }
}

/// The first thing to mend, and the way there.
#[component]
fn FirstFinding(editor: Editor) -> impl IntoView {
    let first = Memo::new(move |_| {
        editor
            .findings
            .with(|findings| findings.first().map(|first| (first.clone(), findings.len() as u64 - 1)))
    });
    move || {
        first.get().map(|(finding, more)| {
            let field = finding.field.clone();
            view! {
                <div class="first-finding" data-testid="first-finding">
                    <IconView icon=Icon::Warn />
                    <span class="grow">
                        <span lang="en">{finding_words(&finding)}</span>
                        " "
                        {(more > 0).then(|| text::more_to_mend(more))}
                    </span>
                    <Button
                        label=text::show_me()
                        kind=ButtonKind::Quiet
                        on_press=move || show_field(editor, field.clone())
                        test_id="show-me"
                    />
                </div>
            }
        })
    }
}

/// What another administrator had changed and was saved with the rest.
#[component]
pub fn MergedNote(editor: Editor) -> impl IntoView {
    move || match editor.saving.get() {
        Saving::Saved { merged, .. } if !merged.is_empty() => Some(view! {
            <section class="card padded stack" role="status" data-testid="merged">
                <h2>{text::merged()}</h2>
                <ul class="sentences">
                    {merged.into_iter().map(|sentence| view! { <li dir="auto">{sentence}</li> }).collect_view()}
                </ul>
                <Button
                    label=common::close()
                    class="start"
                    on_press=move || editor.saving.set(Saving::Idle)
                    test_id="merged-close"
                />
            </section>
        }),
        Saving::Idle | Saving::UnderWay | Saving::Failed(_) | Saving::Saved { .. } => None,
    }
}

/// Somebody else has saved since the working copy began.
#[component]
pub fn OthersSaved(editor: Editor) -> impl IntoView {
    let others = Memo::new(move |_| {
        let base = editor.read(|copy| copy.base_revision);
        editor.detail.with(|detail| {
            let detail = detail?;
            (editor.is_changed.get() && detail.revision > base).then(|| detail.updated_by.clone())
        })
    });
    move || {
        others.get().map(|who| {
            let said = if who.is_empty() {
                text::others_saved_nobody().to_owned()
            } else {
                text::others_saved(&who)
            };
            view! { <p class="note" role="status" data-testid="others-saved">{said}</p> }
        })
    }
}
