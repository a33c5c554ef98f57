//! What an order does: a [`Decision`] to be written, or why not. Knows no database.

use std::collections::BTreeMap;

use holdfast_profile::{
    DEFAULT_PROFILE_NAME, Draft, LibraryChange, Profile, ProfileVersion, Publication, PublishError, Scope,
    ScopeRename, change_plan, default_profile, name_key, publish, restore, three_way_merge_choosing,
    validate,
};

use super::lost_draft::check_draft;
use super::{
    ChangedOther, Earlier, KeptProfile, ProfileChange, ProfileDone, ProfileOrder, ProfileRefusal,
    ProfileShelf,
};
use crate::admin_change::{ChangeAction, NewChange};

/// Most renames of one save.
const RENAMES_MAX: usize = 200;

/// What is to be written.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// Drafts as they are from now on, each a revision more; an id beyond the last one is a new profile.
    pub drafts: Vec<Draft>,
    /// The scopes that no draft holds, where they are others.
    pub unused: Option<Vec<Scope>>,
    /// The profile that goes.
    pub deleted: Option<u64>,
    /// The next version of a profile.
    pub published: Option<(u64, ProfileVersion)>,
    /// The store's profile.
    pub store_profile: Option<u64>,
    /// A register's profile.
    pub register_profile: Option<(u16, Option<u64>)>,
    /// The register that is to synchronise everything.
    pub retry: Option<u16>,
    /// What the trail says.
    pub changes: Vec<NewChange>,
    /// What whoever ordered is told.
    pub done: ProfileDone,
}

type Decided = Result<Decision, ProfileRefusal>;

/// What an order does with the profiles of a store.
///
/// # Errors
/// [`ProfileRefusal`], and then nothing changes.
pub fn decide(shelf: &ProfileShelf, order: &ProfileOrder, earlier: Earlier) -> Decided {
    let desk = Desk { shelf, order };
    match &order.change {
        ProfileChange::Create { name, description, copy_of } => desk.create(name, description, *copy_of),
        ProfileChange::Import { profile } => desk.import(profile),
        ProfileChange::Save { id, base_revision, profile, renames, choices } => {
            let kept = desk.kept(*id)?;
            // Whoever sends what is saved already, twice perhaps, changes nothing.
            if kept.draft == *profile {
                let done = ProfileDone { id: Some(*id), ..ProfileDone::default() };
                return Ok(Decision { done, ..Decision::default() });
            }
            check_renames(renames)?;
            refuse_if_any(validate(profile))?;
            desk.save(kept, *base_revision, earlier.base, profile, renames, choices)
        }
        ProfileChange::SaveAndPublish { profile } => desk.save_and_publish(profile),
        ProfileChange::Delete { id } => desk.delete(*id),
        ProfileChange::Publish { id, revision } => {
            let kept = desk.kept(*id)?;
            if kept.revision != *revision {
                return Err(ProfileRefusal::Changed { revision: kept.revision });
            }
            let mut decision = Decision::default();
            desk.publish(&mut decision, *id, kept.draft.clone())?;
            Ok(decision)
        }
        ProfileChange::RollBack { id, version: _, also_changes_others, drops_draft } => {
            desk.roll_back(*id, earlier.version, *also_changes_others, *drops_draft)
        }
        ProfileChange::RestoreDefault { also_changes_others, drops_draft } => {
            desk.restore_default(*also_changes_others, *drops_draft)
        }
        ProfileChange::DeleteScope { name } => desk.delete_scope(name),
        ProfileChange::SetStoreProfile { id } => desk.set_store_profile(*id),
        ProfileChange::SetRegisterProfile { number, id } => desk.set_register_profile(*number, *id),
        ProfileChange::AskRetry { number } => desk.ask_retry(*number),
    }
}

/// An order beside what it is about.
struct Desk<'a> {
    shelf: &'a ProfileShelf,
    order: &'a ProfileOrder,
}

impl Desk<'_> {
    fn kept(&self, id: u64) -> Result<&KeptProfile, ProfileRefusal> {
        self.shelf.profile(id).ok_or(ProfileRefusal::NotFound)
    }

    fn note(&self, action: ChangeAction, subject: &str, detail: impl Into<String>) -> NewChange {
        NewChange::new(self.order.at_ms, &self.order.by, action, subject, detail)
    }

    /// What differs, as sentences.
    fn difference(&self, before: &Profile, after: &Profile) -> String {
        change_plan(before, after).english(self.shelf.currency).join(" ")
    }

    fn create(&self, name: &str, description: &str, copy_of: Option<u64>) -> Decided {
        let (model, words) = match copy_of {
            None => (
                default_profile(),
                format!("It began with the scopes of “{DEFAULT_PROFILE_NAME}” as they ship."),
            ),
            Some(id) => {
                let reason = "There is no such profile to copy. Choose another.".to_owned();
                let refusal = ProfileRefusal::Field { field: "copy_of", reason };
                let kept = self.shelf.profile(id).ok_or(refusal)?;
                (kept.draft.clone(), format!("It began as a copy of “{}”.", kept.draft.name))
            }
        };
        let profile = Profile { name: name.to_owned(), description: description.to_owned(), ..model };
        self.add(profile, ChangeAction::ProfileCreated, words)
    }

    fn import(&self, profile: &Profile) -> Decided {
        self.add(profile.clone(), ChangeAction::ProfileImported, "It came from a file.".to_owned())
    }

    /// Adds a profile without changing any other.
    fn add(&self, profile: Profile, action: ChangeAction, words: String) -> Decided {
        // Before names are given: a finding is about what was sent.
        refuse_if_any(validate(&profile))?;
        let library = self.shelf.library();
        let (profile, renamed) = library.with_own_names(profile);
        let id = self.shelf.last_id + 1;
        let change = library.save(id, profile.clone(), &[]).map_err(invalid)?;
        let mut words = vec![words];
        words.extend(renamed.iter().map(|ScopeRename { from, to }| {
            format!("The library has another scope “{from}”, so this one is named “{to}”.")
        }));
        let mut decision = self.written(change, &profile.name);
        decision.changes.insert(0, self.note(action, &profile.name, words.join(" ")));
        decision.done = ProfileDone { id: Some(id), renamed, ..ProfileDone::default() };
        Ok(decision)
    }

    fn save(
        &self,
        kept: &KeptProfile,
        base_revision: u64,
        base: Option<Profile>,
        mine: &Profile,
        renames: &[ScopeRename],
        choices: &BTreeMap<String, holdfast_profile::Side>,
    ) -> Decided {
        let is_merge = base_revision != kept.revision;
        let base = if is_merge {
            base.ok_or_else(|| ProfileRefusal::Field {
                field: "base_revision",
                reason: format!(
                    "There is no revision {base_revision} of this profile, or none any more; the latest is {}. \
                     Load it again and make the change anew.",
                    kept.revision
                ),
            })?
        } else {
            kept.draft.clone()
        };
        let conflicts = |conflicts| ProfileRefusal::Conflicts { conflicts };
        let merged = three_way_merge_choosing(&base, mine, &kept.draft, choices).map_err(conflicts)?;
        let library = self.shelf.library();
        let merged = library.settle_added(kept.id, merged, renames, choices).map_err(conflicts)?;
        let change = library
            .save(kept.id, merged.clone(), renames)
            .map_err(|findings| ProfileRefusal::Invalid { findings, after_merge: merged != *mine })?;
        let action = if is_merge {
            ChangeAction::ProfileMerged
        } else if merged.name != kept.draft.name {
            ChangeAction::ProfileRenamed
        } else {
            ChangeAction::ProfileSaved
        };
        let mut decision = self.written(change, &merged.name);
        if merged != kept.draft {
            let words = self.difference(&kept.draft, &merged);
            decision.changes.insert(0, self.note(action, &merged.name, words));
        }
        decision.done = ProfileDone { id: Some(kept.id), merged: merged != *mine, ..ProfileDone::default() };
        Ok(decision)
    }

    fn save_and_publish(&self, profile: &Profile) -> Decided {
        refuse_if_any(validate(profile))?;
        let Some(kept) = self.shelf.by_name(&profile.name) else {
            let mut decision = self.import(profile)?;
            let id = self.shelf.last_id + 1;
            let named =
                decision.drafts.first().map_or_else(|| profile.clone(), |draft| draft.profile.clone());
            self.publish(&mut decision, id, named)?;
            return Ok(decision);
        };
        let change = self.shelf.library().save(kept.id, profile.clone(), &[]).map_err(invalid)?;
        let mut decision = self.written(change, &profile.name);
        if kept.draft != *profile {
            let words = self.difference(&kept.draft, profile);
            decision.changes.insert(0, self.note(ChangeAction::ProfileSaved, &profile.name, words));
        }
        self.publish(&mut decision, kept.id, profile.clone())?;
        Ok(decision)
    }

    fn delete(&self, id: u64) -> Decided {
        let kept = self.kept(id)?;
        let own = self.shelf.registers_own(id);
        let mut users = Vec::new();
        if self.shelf.store_profile == Some(id) {
            users.push("It is the profile of the store; give the store another one first.".to_owned());
        }
        if !own.is_empty() {
            let shown: Vec<String> = own.iter().take(20).map(u16::to_string).collect();
            let more = if own.len() > shown.len() { " and others" } else { "" };
            users.push(match own.len() {
                1 => format!("Register {} uses it; give it another one first.", shown.join(", ")),
                _ => format!("Registers {}{more} use it; give them another one first.", shown.join(", ")),
            });
        }
        if !users.is_empty() {
            return Err(ProfileRefusal::Used { detail: users.join(" ") });
        }
        let change = self.shelf.library().without(id);
        let words = "Its published versions stay in the history, and its scopes in the library.";
        Ok(Decision {
            unused: self.changed_unused(change.unused),
            deleted: Some(id),
            changes: vec![self.note(ChangeAction::ProfileDeleted, &kept.draft.name, words)],
            done: ProfileDone { id: Some(id), ..ProfileDone::default() },
            ..Decision::default()
        })
    }

    /// Adds the next version of a profile to a decision.
    fn publish(&self, decision: &mut Decision, id: u64, profile: Profile) -> Result<(), ProfileRefusal> {
        let latest = self.shelf.profile(id).and_then(|kept| kept.published.as_ref());
        let version = publish(latest, profile, self.publication()).map_err(refusal_of)?;
        let words = match latest {
            None => format!("Version {}, the first of this profile.", version.number),
            Some(latest) => {
                let plan = self.difference(&latest.profile, &version.profile);
                format!("Version {} after {}. {plan}", version.number, latest.number)
            }
        };
        decision.changes.push(self.note(ChangeAction::ProfilePublished, &version.profile.name, words));
        decision.done.id = Some(id);
        decision.done.version = Some(version.number);
        decision.published = Some((id, version));
        Ok(())
    }

    fn publication(&self) -> Publication {
        let by = self.order.by.clone();
        Publication { number: self.shelf.last_version + 1, at_ms: self.order.at_ms, by }
    }

    fn roll_back(
        &self,
        id: u64,
        version: Option<ProfileVersion>,
        also_changes_others: bool,
        drops_draft: Option<u64>,
    ) -> Decided {
        let kept = self.kept(id)?;
        let (Some(earlier), Some(latest)) = (version, &kept.published) else {
            return Err(ProfileRefusal::NotFound);
        };
        let restored = restore(latest, &earlier, self.publication()).map_err(refusal_of)?;
        let profile = restored.profile.clone();
        let change = self.shelf.library().save(id, profile.clone(), &[]).map_err(invalid)?;
        check_draft(kept, &profile, drops_draft)?;
        check_others(&change, also_changes_others)?;
        let mut decision = self.written(change, &profile.name);
        let plan = self.difference(&latest.profile, &profile);
        let words = format!(
            "Version {} is version {} again, after {}. The draft before it was revision {}. {plan}",
            restored.number, earlier.number, latest.number, kept.revision
        );
        decision.changes.insert(0, self.note(ChangeAction::ProfileRolledBack, &profile.name, words));
        decision.done =
            ProfileDone { id: Some(id), version: Some(restored.number), ..ProfileDone::default() };
        decision.published = Some((id, restored));
        Ok(decision)
    }

    fn restore_default(&self, also_changes_others: bool, drops_draft: Option<u64>) -> Decided {
        let shipped = default_profile();
        let kept = self.shelf.by_name(DEFAULT_PROFILE_NAME);
        let id = kept.map_or(self.shelf.last_id + 1, |kept| kept.id);
        let change = self.shelf.library().save(id, shipped.clone(), &[]).map_err(invalid)?;
        kept.map(|kept| check_draft(kept, &shipped, drops_draft)).transpose()?;
        check_others(&change, also_changes_others)?;
        let mut decision = self.written(change, &shipped.name);
        let words = match kept {
            None => Some("No profile had this name.".to_owned()),
            Some(kept) if kept.draft != shipped => Some(self.difference(&kept.draft, &shipped)),
            Some(_) => None,
        };
        if let Some(words) = words {
            decision.changes.insert(0, self.note(ChangeAction::DefaultRestored, &shipped.name, words));
        }
        decision.done = ProfileDone { id: Some(id), ..ProfileDone::default() };
        Ok(decision)
    }

    fn delete_scope(&self, name: &str) -> Decided {
        let key = name_key(name);
        let library = self.shelf.library();
        let found = library.scopes().into_iter().find(|(scope, _)| name_key(&scope.name) == key);
        let Some((scope, users)) = found else { return Err(ProfileRefusal::NotFound) };
        let scope_name = scope.name.clone();
        if !users.is_empty() {
            let names = users.iter().filter_map(|id| library.draft(*id));
            let names: Vec<String> = names.map(|draft| format!("“{}”", draft.name)).collect();
            let detail = format!("It is a line of {}. Remove that line first.", names.join(", "));
            return Err(ProfileRefusal::ScopeUsed { detail });
        }
        let unused = self.shelf.unused.iter().filter(|scope| name_key(&scope.name) != key).cloned().collect();
        let changes = vec![self.note(ChangeAction::ScopeDeleted, &scope_name, "No profile held it.")];
        Ok(Decision { unused: Some(unused), changes, ..Decision::default() })
    }

    fn name_of(&self, id: Option<u64>) -> String {
        let kept = id.and_then(|id| self.shelf.profile(id));
        kept.map_or_else(|| "none".to_owned(), |kept| format!("“{}”", kept.draft.name))
    }

    fn set_store_profile(&self, id: u64) -> Decided {
        let (kept, _) = self.shelf.published(id)?;
        if self.shelf.store_profile == Some(id) {
            return Ok(Decision::default());
        }
        let words = format!("It was {} before.", self.name_of(self.shelf.store_profile));
        let changes = vec![self.note(ChangeAction::StoreProfileSet, &kept.draft.name, words)];
        Ok(Decision { store_profile: Some(id), changes, ..Decision::default() })
    }

    fn set_register_profile(&self, number: u16, id: Option<u64>) -> Decided {
        let register = self.shelf.register(number)?;
        id.map(|id| self.shelf.published(id)).transpose()?;
        if register.own_profile == id {
            return Ok(Decision::default());
        }
        let name = |id: Option<u64>| match id {
            None => format!("the store's, {}", self.name_of(self.shelf.store_profile)),
            Some(_) => self.name_of(id),
        };
        let words = format!("Its profile is {}; it was {} before.", name(id), name(register.own_profile));
        let subject = format!("{number}, {}", register.name);
        let changes = vec![self.note(ChangeAction::RegisterProfileSet, &subject, words)];
        Ok(Decision { register_profile: Some((number, id)), changes, ..Decision::default() })
    }

    fn ask_retry(&self, number: u16) -> Decided {
        let register = self.shelf.register(number)?;
        if !register.is_activated {
            let reason = "No device is this register. Activate it first.".to_owned();
            return Err(ProfileRefusal::Field { field: "register", reason });
        }
        let subject = format!("{number}, {}", register.name);
        let words = "It is told at its next contact to synchronise everything.";
        let changes = vec![self.note(ChangeAction::RegisterRetryAsked, &subject, words)];
        Ok(Decision { retry: Some(number), changes, ..Decision::default() })
    }

    /// A change of the library, with what the trail says of drafts that got a scope of the saved one.
    fn written(&self, change: LibraryChange, saved: &str) -> Decision {
        let mut changes = Vec::new();
        for (id, names) in &change.shared {
            let before = self.shelf.profile(*id).map(|kept| &kept.draft);
            let after = change.drafts.iter().find(|draft| draft.id == *id).map(|draft| &draft.profile);
            let (Some(before), Some(after)) = (before, after) else { continue };
            for name in names {
                let words = format!(
                    "Profile “{}” got it as “{saved}” has it now. {}",
                    after.name,
                    self.difference(before, after)
                );
                changes.push(self.note(ChangeAction::ScopeChanged, name, words));
            }
        }
        Decision {
            drafts: change.drafts,
            unused: self.changed_unused(change.unused),
            changes,
            ..Decision::default()
        }
    }

    fn changed_unused(&self, unused: Vec<Scope>) -> Option<Vec<Scope>> {
        (unused != self.shelf.unused).then_some(unused)
    }
}

/// Refuses what also changes other drafts, unless that is said to be meant: whoever goes back to an earlier version sees
/// that one and not the others.
fn check_others(change: &LibraryChange, is_meant: bool) -> Result<(), ProfileRefusal> {
    if is_meant || change.shared.is_empty() {
        return Ok(());
    }
    let name = |id: u64| change.drafts.iter().find(|draft| draft.id == id).map(|draft| &draft.profile.name);
    let others = change.shared.iter().map(|(id, scopes)| ChangedOther {
        id: *id,
        name: name(*id).cloned().unwrap_or_default(),
        scopes: scopes.clone(),
    });
    Err(ProfileRefusal::ChangesOthers { others: others.collect() })
}

fn check_renames(renames: &[ScopeRename]) -> Result<(), ProfileRefusal> {
    if renames.len() <= RENAMES_MAX {
        return Ok(());
    }
    let reason = format!("There are more than {RENAMES_MAX} renames. Save in smaller steps.");
    Err(ProfileRefusal::Field { field: "renamed_scopes", reason })
}

fn refuse_if_any(findings: Vec<holdfast_profile::Finding>) -> Result<(), ProfileRefusal> {
    if findings.is_empty() { Ok(()) } else { Err(invalid(findings)) }
}

fn invalid(findings: Vec<holdfast_profile::Finding>) -> ProfileRefusal {
    ProfileRefusal::Invalid { findings, after_merge: false }
}

fn refusal_of(error: PublishError) -> ProfileRefusal {
    match error {
        PublishError::Invalid { findings } => invalid(findings),
        PublishError::Unchanged { number } => ProfileRefusal::Unchanged { version: number },
        // The numbers of a store are given under its lock, each above all others.
        PublishError::NumberTaken { latest, .. } => ProfileRefusal::Changed { revision: latest },
    }
}
