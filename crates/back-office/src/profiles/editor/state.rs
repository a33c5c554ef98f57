//! The editor's state: the working copy of the profile that is looked at, what came of saving it, and what it would
//! do to registers. Belongs to the app's root, so that nothing of it goes with a page or a session.

use std::collections::BTreeMap;

use holdfast_domain::money::Currency;
use holdfast_profile::{Finding, Profile, Side, change_plan};
use holdfast_ui::time;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::counting::{Counting, ToCount};
use super::kept::{self, Entry, NotKept};
use super::meeting::{Meeting, keep_meetings, kept_meeting};
use super::other_tab::{hold_the_same, together};
use super::places;
use super::working_copy::{WorkingCopy, error_at};
use crate::api::{Api, ApiError, LibraryScope, Problem, ProfileDetail, SaveOrder};
use crate::live::Live;
use crate::profiles::plan_words::all_sentences;

/// What came of the last save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    /// Nothing was saved yet.
    Idle,
    /// A save is under way.
    UnderWay,
    /// The store server did not take it or did not answer.
    Failed(ApiError),
    /// It is saved.
    Saved {
        /// When.
        at_ms: i64,
        /// What another administrator changed and was merged in, in sentences.
        merged: Vec<String>,
    },
}

/// A step that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// What was done, in words.
    pub words: String,
    /// What was there before.
    copy: WorkingCopy,
}

/// The editor.
#[derive(Clone, Copy)]
pub struct Editor {
    api: Api,
    /// The scopes of the store: a save may change them.
    scopes: Live<Vec<LibraryScope>>,
    /// What the store server has.
    pub detail: Live<ProfileDetail>,
    /// The id of the profile that is open.
    opened: RwSignal<Option<u64>>,
    /// Where its working copy is kept in this browser.
    entry: StoredValue<Option<Entry>>,
    /// The working copy.
    copy: RwSignal<Option<WorkingCopy>>,
    /// Why the working copy is not kept in this browser.
    pub not_kept: RwSignal<Option<NotKept>>,
    /// What the store server found.
    server_findings: RwSignal<Vec<Finding>>,
    /// Everything that keeps the profile from being saved.
    pub findings: Memo<Vec<Finding>>,
    /// Whether it differs from what it began with.
    pub is_changed: Memo<bool>,
    /// What came of the last save.
    pub saving: RwSignal<Saving>,
    /// What both have changed.
    pub meeting: RwSignal<Option<Meeting>>,
    /// What was chosen there, in earlier rounds too.
    pub choices: RwSignal<BTreeMap<String, Side>>,
    /// The last step, while it can be taken back.
    pub undo: RwSignal<Option<Undo>>,
    /// Whether its page is on the screen, and its foot with it.
    pub is_shown: RwSignal<bool>,
    /// The tab.
    pub tab: RwSignal<&'static str>,
    /// The line whose scope is shown.
    pub line: RwSignal<Option<u32>>,
    /// What the working copy would do to registers.
    pub counting: Counting,
    /// The store's currency.
    pub currency: RwSignal<Option<Currency>>,
}

impl Editor {
    /// Nothing is open. Made once, by the app's root.
    pub fn new(api: Api, scopes: Live<Vec<LibraryScope>>) -> Editor {
        let copy = RwSignal::new(None::<WorkingCopy>);
        let server_findings = RwSignal::new(Vec::<Finding>::new());
        let findings = Memo::new(move |_| {
            let mut findings = copy.with(|copy| copy.as_ref().map(WorkingCopy::findings).unwrap_or_default());
            for finding in server_findings.get() {
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
            findings
        });
        let editor = Editor {
            api,
            scopes,
            detail: Live::new(),
            opened: RwSignal::new(None),
            entry: StoredValue::new(None),
            copy,
            not_kept: RwSignal::new(None),
            server_findings,
            findings,
            is_changed: Memo::new(move |_| {
                copy.with(|copy| copy.as_ref().is_some_and(WorkingCopy::is_changed))
            }),
            saving: RwSignal::new(Saving::Idle),
            meeting: RwSignal::new(None),
            choices: RwSignal::new(BTreeMap::new()),
            undo: RwSignal::new(None),
            is_shown: RwSignal::new(false),
            tab: RwSignal::new(places::LINES),
            line: RwSignal::new(None),
            counting: Counting::new(),
            currency: RwSignal::new(None),
        };
        keep_meetings(editor);
        editor
    }

    /// The id of the open profile.
    pub fn id(self) -> Option<u64> {
        self.opened.get_untracked()
    }

    /// Asks the store server for a profile, unless another is open: an answer must not be taken for that one's.
    pub fn ask(self, id: u64) {
        if self.id().is_none_or(|open| open == id) {
            self.detail.ask(self.api.profile(id));
        }
    }

    /// Closes the open profile. Its working copy stays in the browser.
    pub fn close(self) {
        self.counting.clear();
        self.detail.clear();
        self.opened.set(None);
        self.entry.set_value(None);
        self.copy.set(None);
        self.line.set(None);
        self.undo.set(None);
        self.meeting.set(None);
        self.server_findings.set(Vec::new());
        self.saving.set(Saving::Idle);
        self.not_kept.set(None);
        self.tab.set(places::LINES);
    }

    /// Takes what the store server has: begins with it, or with what was kept in this browser. An unchanged working
    /// copy follows the store server; a changed one goes on from where it began.
    pub fn take(self, store_id: &str, currency: Option<Currency>, detail: &ProfileDetail) {
        self.currency.set(currency);
        if self.id() == Some(detail.id) && self.copy.with_untracked(Option::is_some) {
            let follows = self.copy.with_untracked(|copy| {
                copy.as_ref().is_some_and(|copy| copy.follows(detail.revision, &detail.draft))
            });
            if follows {
                self.copy.update(|copy| {
                    if let Some(copy) = copy {
                        copy.rebase(detail.revision, detail.draft.clone(), detail.draft.clone());
                    }
                });
                self.keep();
                self.count_again();
            }
            return;
        }
        self.opened.set(Some(detail.id));
        let mut entry = Entry::of(store_id, detail.id);
        // What another version of this page kept is left alone.
        entry.known = entry.text().filter(|text| kept::read(text).is_some());
        // What was kept and is saved by now, perhaps by another, is kept no longer.
        let kept = entry.known.as_deref().and_then(kept::read);
        let copy = kept
            .filter(|kept| kept.holds_more_than(&detail.draft))
            .unwrap_or_else(|| WorkingCopy::of(detail.revision, detail.draft.clone()));
        self.entry.set_value(Some(entry));
        if let Some((meeting, choices)) = kept_meeting(detail.id, copy.base_revision) {
            self.choices.set(choices);
            self.meeting.set(Some(meeting));
        }
        self.line.set(copy.lines.first().map(|line| line.key));
        self.copy.set(Some(copy));
        self.keep();
        self.count_again();
    }

    /// Opens a profile and puts another one in the place of its working copy, so that it can be taken back.
    pub fn replace(
        self,
        store_id: &str,
        currency: Option<Currency>,
        detail: &ProfileDetail,
        profile: Profile,
        words: String,
    ) {
        if self.id() != Some(detail.id) {
            self.close();
        }
        self.detail.put(detail.clone());
        self.take(store_id, currency, detail);
        self.edit_undoable(words, |copy| {
            copy.typed.clear();
            copy.rebase(copy.base_revision, copy.base.clone(), profile);
        });
    }

    /// What is here of a profile and is not saved, whether it is open or only kept in this browser.
    pub fn unsaved_of(self, store_id: &str, id: u64) -> Option<WorkingCopy> {
        let open = if self.id() == Some(id) { self.copy.get_untracked() } else { None };
        open.filter(WorkingCopy::is_changed).or_else(|| kept::unsaved(store_id, id))
    }

    /// Opens a new profile with what was not saved of one that is gone (`gone`, its id). That is kept for the gone one
    /// until it is kept for the new one.
    pub fn go_on_with(
        self,
        store_id: &str,
        currency: Option<Currency>,
        detail: &ProfileDetail,
        gone: (u64, WorkingCopy),
    ) {
        let (gone, copy) = gone;
        self.close();
        self.detail.put(detail.clone());
        self.take(store_id, currency, detail);
        self.edit(|into| *into = copy.for_another(detail.revision, detail.draft.clone()));
        if self.not_kept.get_untracked().is_none() {
            kept::forget_unsaved(store_id, gone);
        }
    }

    /// Whether the store server has said that it has no such profile, or has it no longer.
    pub fn is_gone(self) -> bool {
        self.detail
            .error()
            .is_some_and(|error| error.problem().is_some_and(|problem| problem.is("not-found")))
    }

    /// A look at the working copy; what says nothing where there is none.
    pub fn read<R: Default>(self, look: impl FnOnce(&WorkingCopy) -> R) -> R {
        self.copy.with(|copy| copy.as_ref().map(look).unwrap_or_default())
    }

    /// The same, once.
    pub fn peek<R: Default>(self, look: impl FnOnce(&WorkingCopy) -> R) -> R {
        self.copy.with_untracked(|copy| copy.as_ref().map(look).unwrap_or_default())
    }

    /// A part of the working copy, as it is at each time.
    pub fn part<R: Default + Clone + PartialEq + Send + Sync + 'static>(
        self,
        look: impl Fn(&WorkingCopy) -> R + Send + Sync + 'static,
    ) -> Signal<R> {
        Memo::new(move |_| self.read(&look)).into()
    }

    /// What is wrong at a path.
    pub fn error(self, path: impl Into<String>) -> Signal<Option<String>> {
        let path = path.into();
        Signal::derive(move || self.findings.with(|findings| error_at(findings, &path, false)))
    }

    /// What is wrong at a path and below it.
    pub fn error_below(self, path: impl Into<String>) -> Signal<Option<String>> {
        let path = path.into();
        Signal::derive(move || self.findings.with(|findings| error_at(findings, &path, true)))
    }

    /// Changes the working copy. It is kept in this browser at once.
    pub fn edit(self, change: impl FnOnce(&mut WorkingCopy)) {
        self.undo.set(None);
        self.change(change);
    }

    /// Changes the working copy so that it can be taken back; `words` say what was done.
    pub fn edit_undoable(self, words: String, change: impl FnOnce(&mut WorkingCopy)) {
        // The change takes in what another tab has kept, and a step back must not drop that. It is not taken in before
        // the change: that names tables and conditions by their places, as they are on the screen.
        let Some(before) = self.copy.get_untracked().map(|copy| self.with_other_tab(copy)) else { return };
        self.change(change);
        self.undo.set(Some(Undo { words, copy: before }));
    }

    /// Takes the last step back.
    pub fn take_back(self) {
        if let Some(undo) = self.undo.get_untracked() {
            self.undo.set(None);
            self.change(|copy| *copy = undo.copy);
        }
    }

    /// Gives up what is not saved; that can be taken back.
    pub fn discard(self, words: String) {
        let Some(draft) = self.detail.peek(|detail| detail.map(|one| (one.revision, one.draft.clone())))
        else {
            return;
        };
        self.edit_undoable(words, |copy| {
            copy.typed.clear();
            copy.rebase(draft.0, draft.1.clone(), draft.1);
        });
        self.meeting.set(None);
        self.saving.set(Saving::Idle);
    }

    fn change(self, change: impl FnOnce(&mut WorkingCopy)) {
        self.server_findings.set(Vec::new());
        self.copy.update(|copy| {
            if let Some(copy) = copy {
                change(copy);
                copy.changed_at_ms = time::now_ms();
            }
        });
        let is_over = self.saving.with_untracked(|saving| {
            // What was refused is another thing now.
            matches!(saving, Saving::Saved { .. } | Saving::Failed(ApiError::Refused(_)))
        });
        if is_over {
            self.saving.set(Saving::Idle);
        }
        self.show_a_line();
        self.keep();
        self.count_again();
    }

    /// A line that went is shown no longer.
    fn show_a_line(self) {
        let line = self.line.get_untracked();
        let shown = line.filter(|key| self.peek(|copy| copy.place_of(*key).is_some()));
        if shown != line || shown.is_none() {
            self.line.set(shown.or_else(|| self.peek(|copy| copy.lines.first().map(|line| line.key))));
        }
    }

    /// Keeps the working copy in this browser, or forgets it where it holds nothing that is not saved.
    fn keep(self) {
        let Some(mut entry) = self.entry.get_value() else { return };
        let outcome = if self.peek(WorkingCopy::is_changed) {
            self.take_from_other_tab(&mut entry).and_then(|is_there| {
                if is_there {
                    // Two tabs that hold the same would else answer each other's writing without end.
                    return Ok(());
                }
                self.copy.with_untracked(|copy| copy.as_ref().map_or(Ok(()), |copy| entry.keep(copy)))
            })
        } else {
            entry.forget();
            Ok(())
        };
        self.entry.set_value(Some(entry));
        self.set_not_kept(outcome.err());
    }

    fn set_not_kept(self, reason: Option<NotKept>) {
        if self.not_kept.get_untracked() != reason {
            self.not_kept.set(reason);
        }
    }

    /// Another tab of this browser has kept or forgotten something under this name.
    pub fn heed_other_tab(self, name: &str) {
        let is_own = self.entry.with_value(|entry| entry.as_ref().is_some_and(|entry| entry.is_named(name)));
        // What holds nothing of its own goes on as it is: the other tab's is taken in at its first change.
        if !is_own || !self.peek(WorkingCopy::is_changed) {
            return;
        }
        let before = self.copy.get_untracked();
        self.keep();
        if self.copy.with_untracked(|copy| *copy != before) {
            self.show_a_line();
            self.count_again();
        }
    }

    /// Takes in what another tab has kept since this one looked, and says whether what that tab kept is all that is
    /// here now.
    fn take_from_other_tab(self, entry: &mut Entry) -> Result<bool, NotKept> {
        let Some((text, theirs)) = kept_by_other_tab(entry) else { return Ok(false) };
        let last = entry.known.as_deref().and_then(kept::read);
        let Some(mine) = self.copy.get_untracked() else { return Ok(false) };
        let both = together(last.as_ref(), &mine, &theirs).ok_or(NotKept::OtherTab)?;
        let is_there = hold_the_same(&both, &theirs);
        if !hold_the_same(&both, &mine) {
            // A step from before would take the other tab's changes back, too.
            self.undo.set(None);
            self.copy.set(Some(both));
        }
        entry.known = Some(text);
        Ok(is_there)
    }

    /// A working copy with what another tab has kept since this one looked; as it is where the two contradict each
    /// other.
    fn with_other_tab(self, copy: WorkingCopy) -> WorkingCopy {
        self.entry.with_value(|entry| {
            let Some(entry) = entry else { return copy };
            let Some((_, theirs)) = kept_by_other_tab(entry) else { return copy };
            let last = entry.known.as_deref().and_then(kept::read);
            together(last.as_ref(), &copy, &theirs).unwrap_or(copy)
        })
    }

    /// The store server answers: what is said of one that does not, is over.
    pub fn heed_answer(self) {
        if self.saving.with_untracked(|saving| {
            matches!(saving, Saving::Failed(ApiError::Away(_) | ApiError::SignedOut))
        }) {
            self.saving.set(Saving::Idle);
        }
    }

    /// Saves the working copy with these choices, and calls `then` once it is saved.
    pub fn save(self, choices: BTreeMap<String, Side>, then: impl FnOnce() + 'static) {
        let Some(id) = self.id() else { return };
        let Some(copy) = self.copy.get_untracked() else { return };
        if self.saving.with_untracked(|saving| *saving == Saving::UnderWay) {
            return;
        }
        self.saving.set(Saving::UnderWay);
        let order = SaveOrder {
            base_revision: copy.base_revision,
            renamed_scopes: copy.renamed_scopes(),
            profile: copy.profile,
            choices: choices.clone(),
        };
        spawn_local(async move {
            let outcome = self.api.save_profile(id, &order).await;
            // Another profile may have been opened meanwhile; what was kept of this one stays until it is looked at.
            if self.id() != Some(id) {
                return;
            }
            match outcome {
                Ok(saved) => {
                    let merged = if saved.merged {
                        self.words_for_changes(&order.profile, &saved.detail.draft)
                    } else {
                        Vec::new()
                    };
                    self.take_saved(&order.profile, &saved.detail);
                    self.saving.set(Saving::Saved { at_ms: time::now_ms(), merged });
                    then();
                }
                Err(ApiError::Refused(problem)) => self.take_refusal(id, problem, choices).await,
                Err(error @ (ApiError::Away(_) | ApiError::SignedOut | ApiError::NotUnderstood(_))) => {
                    self.saving.set(Saving::Failed(error));
                }
            }
        });
    }

    fn take_saved(self, sent: &Profile, detail: &ProfileDetail) {
        self.meeting.set(None);
        self.undo.set(None);
        self.server_findings.set(Vec::new());
        self.copy.update(|copy| {
            if let Some(copy) = copy {
                copy.after_save(sent, detail.revision, &detail.draft);
            }
        });
        // An answer that is on its way is older than this one.
        self.detail.put(detail.clone());
        self.scopes.ask_anew(self.api.scopes());
        self.keep();
        self.count_again();
    }

    async fn take_refusal(self, id: u64, problem: Problem, choices: BTreeMap<String, Side>) {
        if problem.is("profile-conflicts") {
            let other = problem.theirs.map(|theirs| theirs.updated_by).unwrap_or_default();
            self.choices.set(choices);
            self.meeting.set(Some(Meeting { conflicts: problem.conflicts, other }));
            self.saving.set(Saving::Idle);
            return;
        }
        if problem.findings.is_empty() {
            // Where the profile is gone, its page says so at once.
            if problem.is("not-found") {
                self.detail.ask_anew(self.api.profile(id));
            }
            self.saving.set(Saving::Failed(ApiError::Refused(problem)));
            return;
        }
        // Each side's changes are fine, both together are not: they are shown together, to be mended. What was found
        // is about both; where they can't be shown together, the next save finds it again.
        if problem.after_merge {
            let theirs = self.api.profile(id).await;
            if self.id() != Some(id) {
                return;
            }
            let is_together = theirs.is_ok_and(|theirs| self.take_in(theirs, &choices));
            if !is_together {
                self.saving.set(Saving::Failed(ApiError::Refused(problem)));
                return;
            }
        }
        self.server_findings.set(problem.findings.clone());
        self.saving.set(Saving::Failed(ApiError::Refused(problem)));
    }

    /// Merges what another saved into the working copy, whatever was typed into that meanwhile.
    fn take_in(self, theirs: ProfileDetail, choices: &BTreeMap<String, Side>) -> bool {
        let mut is_merged = false;
        self.copy.update(|copy| {
            is_merged =
                copy.as_mut().is_some_and(|copy| copy.merge_in(theirs.revision, &theirs.draft, choices));
        });
        if is_merged {
            // What was chosen between them is in it.
            self.meeting.set(None);
            self.detail.put(theirs);
            self.show_a_line();
            self.keep();
            self.count_again();
        }
        is_merged
    }

    /// What differs between two profiles, in sentences.
    fn words_for_changes(self, before: &Profile, after: &Profile) -> Vec<String> {
        all_sentences(&change_plan(before, after), self.currency.get_untracked())
    }

    /// Counts what the working copy would do to registers, once typing has paused; nothing is asked where that is known.
    pub fn count_again(self) {
        self.counting.again(self.api, move || self.to_count());
    }

    /// The same where the store or its registers may have changed since.
    pub fn count_anew(self) {
        self.counting.forget();
        self.count_again();
    }

    fn to_count(self) -> Option<ToCount> {
        let published =
            self.detail.peek(|detail| detail?.published.as_ref().map(|published| published.version));
        let id = self.id()?;
        self.copy
            .with_untracked(|copy| Some(ToCount { id, published, profile: copy.as_ref()?.profile.clone() }))
    }
}

/// What another tab has kept since this one looked, as it is written and read. What another version of this page kept
/// can't be read, and makes room.
fn kept_by_other_tab(entry: &Entry) -> Option<(String, WorkingCopy)> {
    let text = entry.text().filter(|text| entry.known.as_ref() != Some(text))?;
    let theirs = kept::read(&text)?;
    Some((text, theirs))
}
