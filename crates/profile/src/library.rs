//! A store's drafts and the scopes that they share.
//!
//! A scope is known by its name: whatever draft holds it holds the same. So saving one draft may change others, and is
//! refused where that would make one of them invalid. A scope that no draft holds any more stays in the library until
//! somebody drops it. Pure: the store server loads a [`Library`], asks it, and stores what changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::{FieldValue, Finding, MergeConflict, NAME_CHARS_MAX, Profile, Scope, Side, name_key, validate};

/// Most profiles of a store.
pub const PROFILES_MAX: usize = 200;
/// Most scopes of a store that no profile uses.
pub const UNUSED_SCOPES_MAX: usize = 500;

/// A profile as administrators edit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its number in the store, which no other profile ever has.
    pub id: u64,
    /// The profile, valid.
    pub profile: Profile,
}

/// All drafts of a store and the scopes that none of them holds.
///
/// Invariant: of a name there is one scope, whatever holds it; databases of earlier versions may break it until the
/// scope is saved again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    /// The drafts, by their ids.
    pub drafts: Vec<Draft>,
    /// Scopes that no draft holds.
    pub unused: Vec<Scope>,
}

/// A scope of a draft that goes by another name from now on, in every draft.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ScopeRename {
    /// Its name in the library.
    pub from: String,
    /// Its name in the draft that is saved.
    pub to: String,
}

/// What saving or dropping a draft changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LibraryChange {
    /// The drafts that are others now, the saved one first if it is.
    pub drafts: Vec<Draft>,
    /// For each other draft that changes, the names of the scopes that it got, by its id.
    pub shared: BTreeMap<u64, Vec<String>>,
    /// The scopes that no draft holds from now on.
    pub unused: Vec<Scope>,
}

impl Library {
    /// A draft.
    pub fn draft(&self, id: u64) -> Option<&Profile> {
        self.drafts.iter().find(|draft| draft.id == id).map(|draft| &draft.profile)
    }

    /// Every scope, each once, with the ids of the drafts that hold it; in the order of their names.
    pub fn scopes(&self) -> Vec<(&Scope, Vec<u64>)> {
        let mut scopes: BTreeMap<String, (&Scope, Vec<u64>)> = BTreeMap::new();
        for draft in &self.drafts {
            for scope in &draft.profile.scopes {
                let (_, users) = scopes.entry(name_key(&scope.name)).or_insert((scope, Vec::new()));
                if !users.contains(&draft.id) {
                    users.push(draft.id);
                }
            }
        }
        for scope in &self.unused {
            scopes.entry(name_key(&scope.name)).or_insert((scope, Vec::new()));
        }
        scopes.into_values().collect()
    }

    /// Saves a draft, or a new one under a fresh id.
    ///
    /// # Errors
    /// What is wrong with it, with its name, or with another draft that has one of its scopes; then nothing changes.
    pub fn save(
        &self,
        id: u64,
        profile: Profile,
        renames: &[ScopeRename],
    ) -> Result<LibraryChange, Vec<Finding>> {
        let mut findings = validate(&profile);
        findings.extend(self.name_finding(id, &profile.name));
        let before = self.draft(id);
        if before.is_none() && self.drafts.len() >= PROFILES_MAX {
            findings.push(finding(
                "name",
                format!("There are {PROFILES_MAX} profiles."),
                "Delete one first.",
            ));
        }
        let renamed = self.renamed(before, &profile, renames, &mut findings);
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut change = LibraryChange::default();
        if before != Some(&profile) {
            change.drafts.push(Draft { id, profile: profile.clone() });
        }
        let changed = changed_scopes(before, &profile, &renamed);
        for other in self.drafts.iter().filter(|other| other.id != id) {
            let (shared, names) = with_shared_scopes(&other.profile, &changed);
            if names.is_empty() {
                continue;
            }
            findings.extend(shared_findings(&profile, &shared, &names));
            change.drafts.push(Draft { id: other.id, profile: shared });
            change.shared.insert(other.id, names);
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        change.unused = self.unused_after(&change, before, &renamed);
        if change.unused.len() > UNUSED_SCOPES_MAX && change.unused.len() > self.unused.len() {
            let reason = format!("The library holds {UNUSED_SCOPES_MAX} scopes that no profile uses.");
            return Err(vec![finding("scopes", reason, "Delete some of those scopes first.")]);
        }
        Ok(change)
    }

    /// Drops a draft; its scopes stay in the library.
    pub fn without(&self, id: u64) -> LibraryChange {
        let left = Library {
            drafts: self.drafts.iter().filter(|draft| draft.id != id).cloned().collect(),
            unused: self.unused.clone(),
        };
        let mut change = LibraryChange::default();
        change.unused = left.unused_after(&change, self.draft(id), &BTreeMap::new());
        change
    }

    /// Scopes that `profile` takes on and that are other ones in the library, whether or not another draft holds them:
    /// the administrator may have begun with what was in the library a while ago, or not have known of it. A choice settles each: theirs puts the library's scope in its place.
    ///
    /// # Errors
    /// Those that have no choice yet, named by `library["Staff"]`.
    pub fn settle_added(
        &self,
        id: u64,
        mut profile: Profile,
        renames: &[ScopeRename],
        choices: &BTreeMap<String, Side>,
    ) -> Result<Profile, Vec<MergeConflict>> {
        let had: BTreeSet<String> = self.draft(id).into_iter().flat_map(keys).collect();
        let library = self.by_key();
        let mut conflicts = Vec::new();
        for scope in &mut profile.scopes {
            let key = name_key(&scope.name);
            if had.contains(&key) || renames.iter().any(|rename| name_key(&rename.to) == key) {
                continue;
            }
            // The draft itself does not hold it.
            let Some(theirs) = library.get(&key).copied() else { continue };
            if theirs == scope {
                continue;
            }
            let field = format!("library[{:?}]", theirs.name);
            match choices.get(&field) {
                Some(Side::Mine) => {}
                Some(Side::Theirs) => scope.clone_from(theirs),
                None => conflicts.push(MergeConflict {
                    field,
                    base: None,
                    mine: Some(FieldValue::Scope(scope.clone())),
                    theirs: Some(FieldValue::Scope(theirs.clone())),
                }),
            }
        }
        if conflicts.is_empty() { Ok(profile) } else { Err(conflicts) }
    }

    /// The same profile with other names for scopes that go by a name of the library and are other ones, so that it
    /// can be added without changing any draft. Says which names it gave: before and after.
    pub fn with_own_names(&self, mut profile: Profile) -> (Profile, Vec<ScopeRename>) {
        let library = self.by_key();
        let mut taken: BTreeSet<String> = library.keys().cloned().chain(keys(&profile)).collect();
        let mut renames = Vec::new();
        for scope in &mut profile.scopes {
            let Some(theirs) = library.get(&name_key(&scope.name)).copied() else { continue };
            if theirs == scope {
                continue;
            }
            let from = scope.name.clone();
            scope.name = free_name(&from, &taken);
            taken.insert(name_key(&scope.name));
            renames.push(ScopeRename { from, to: scope.name.clone() });
        }
        (profile, renames)
    }

    /// Every scope by its name as it is compared.
    fn by_key(&self) -> BTreeMap<String, &Scope> {
        self.scopes().into_iter().map(|(scope, _)| (name_key(&scope.name), scope)).collect()
    }

    fn name_finding(&self, id: u64, name: &str) -> Option<Finding> {
        let key = name_key(name);
        let mut others = self.drafts.iter().filter(|draft| draft.id != id);
        let other = others.find(|draft| !key.is_empty() && name_key(&draft.profile.name) == key)?;
        let reason = format!("There is a profile “{}” already.", other.profile.name);
        Some(finding("name", reason, "Give it another name."))
    }

    /// For each scope that was renamed, its key before by its key from now on.
    fn renamed(
        &self,
        before: Option<&Profile>,
        profile: &Profile,
        renames: &[ScopeRename],
        findings: &mut Vec<Finding>,
    ) -> BTreeMap<String, String> {
        let had: BTreeSet<String> = before.into_iter().flat_map(keys).collect();
        let has: BTreeSet<String> = keys(profile).collect();
        let library: BTreeSet<String> =
            self.scopes().iter().map(|(scope, _)| name_key(&scope.name)).collect();
        let mut renamed = BTreeMap::new();
        for ScopeRename { from, to } in renames {
            let (from, to) = (name_key(from), name_key(to));
            // What is not, or not only, a rename is a scope that came and one that went.
            if from == to || !had.contains(&from) || has.contains(&from) || !has.contains(&to) {
                continue;
            }
            let is_fresh = !had.contains(&to) && !library.contains(&to);
            if is_fresh && !renamed.values().any(|other| *other == from) {
                renamed.insert(to, from);
            } else if let Some(place) = profile.scopes.iter().position(|scope| name_key(&scope.name) == to) {
                let name = &profile.scopes.get(place).map(|scope| scope.name.as_str()).unwrap_or_default();
                findings.push(finding(
                    format!("scopes[{place}].name"),
                    format!("The library holds another scope “{name}”."),
                    "Give this one another name, or remove its line and add the other one.",
                ));
            }
        }
        renamed
    }

    fn unused_after(
        &self,
        change: &LibraryChange,
        before: Option<&Profile>,
        renamed: &BTreeMap<String, String>,
    ) -> Vec<Scope> {
        let changed: BTreeSet<u64> = change.drafts.iter().map(|draft| draft.id).collect();
        let kept = self.drafts.iter().filter(|draft| !changed.contains(&draft.id));
        let used: BTreeSet<String> =
            change.drafts.iter().chain(kept).flat_map(|draft| keys(&draft.profile)).collect();
        let mut unused: BTreeMap<String, Scope> = BTreeMap::new();
        let gone = before.into_iter().flat_map(|profile| &profile.scopes);
        for scope in self.unused.iter().chain(gone) {
            let key = name_key(&scope.name);
            if !used.contains(&key) && !renamed.values().any(|from| *from == key) {
                unused.insert(key, scope.clone());
            }
        }
        unused.into_values().collect()
    }
}

/// The scopes that a save adds or changes, by the keys that other drafts know them by. Others are left as they are: an
/// administrator who did not touch a scope says nothing of it.
fn changed_scopes<'p>(
    before: Option<&Profile>,
    saved: &'p Profile,
    renamed: &BTreeMap<String, String>,
) -> BTreeMap<String, &'p Scope> {
    let had: Vec<&Scope> = before.into_iter().flat_map(|profile| &profile.scopes).collect();
    let changed = saved.scopes.iter().filter(|scope| !had.contains(scope));
    let by_key = changed.map(|scope| {
        let key = name_key(&scope.name);
        (renamed.get(&key).cloned().unwrap_or(key), scope)
    });
    by_key.collect()
}

/// Another draft with the scopes that it shares, and the names of those that are others now.
fn with_shared_scopes(other: &Profile, changed: &BTreeMap<String, &Scope>) -> (Profile, Vec<String>) {
    let mut shared = other.clone();
    let mut names = Vec::new();
    for scope in &mut shared.scopes {
        if let Some(saved) = changed.get(&name_key(&scope.name))
            && *saved != scope
        {
            names.push(saved.name.clone());
            scope.clone_from(saved);
        }
    }
    (shared, names)
}

/// What would be wrong with another draft, as findings of the saved one's scopes; `names` are those that it got.
fn shared_findings(saved: &Profile, other: &Profile, names: &[String]) -> Vec<Finding> {
    let place = |finding: &Finding| {
        let index = finding.field.strip_prefix("scopes[")?.split(']').next()?.parse::<usize>().ok()?;
        let key = name_key(&other.scopes.get(index)?.name);
        saved.scopes.iter().position(|scope| name_key(&scope.name) == key)
    };
    let shared = saved.scopes.iter().position(|scope| names.contains(&scope.name));
    let worded = |found: Finding| {
        let field = place(&found).or(shared).map_or("scopes".to_owned(), |index| format!("scopes[{index}]"));
        let reason =
            format!("Profile “{}” has this scope too, and would not be valid: {}", other.name, found.reason);
        let mend = format!(
            "Change profile “{}” first, or add a scope of another name here. There: {}",
            other.name, found.mend
        );
        Finding { field, reason, mend }
    };
    validate(other).into_iter().map(worded).collect()
}

fn keys(profile: &Profile) -> impl Iterator<Item = String> {
    profile.scopes.iter().map(|scope| name_key(&scope.name))
}

/// “Staff 2” for “Staff”, or the next number that is free; within the length of names.
fn free_name(name: &str, taken: &BTreeSet<String>) -> String {
    let mut number = 2_u32;
    loop {
        let end = format!(" {number}");
        let kept: String = name.chars().take(NAME_CHARS_MAX - end.chars().count()).collect();
        let fresh = format!("{}{end}", kept.trim_end());
        if !taken.contains(&name_key(&fresh)) {
            return fresh;
        }
        number = number.saturating_add(1);
    }
}

fn finding(field: impl Into<String>, reason: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { field: field.into(), reason: reason.into(), mend: mend.into() }
}
