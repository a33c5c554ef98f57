//! A round: its tables in profile order, and how far each is.

use std::collections::BTreeMap;

use holdfast_profile::TableId;
use holdfast_protocol::messages::{Manifest, RowChange};

use super::Heads;
use crate::status::TableNeed;

/// What a round is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Fetching the manifests of all tables that are built anew.
    Manifests,
    /// Fetching the pages of the table at this place.
    Pages {
        /// From 0.
        at: usize,
    },
    /// Pulling, backwards: the table before this place is next.
    Pulls {
        /// Down to 0.
        before: usize,
    },
    /// Making the table at this place visible.
    Show {
        /// From 0.
        at: usize,
        /// Whether the databases were asked to.
        asked: bool,
    },
    /// All is visible.
    Done,
}

/// One round.
#[derive(Debug)]
pub(super) struct Round {
    /// The version of the profile to which it moves the register, all tables at once; none where it keeps the tables of
    /// the one in force up to date.
    pub(super) moves_to: Option<u64>,
    /// Whether it was looked whether what is built has room.
    pub(super) room_was_found: bool,
    /// Newest version of the contact that began it.
    pub(super) cut: u64,
    /// Schema of the rows that the store server gives.
    pub(super) schema_version: u32,
    pub(super) phase: Phase,
    /// Newest version among what was read of later tables.
    pub(super) newest: u64,
    /// In profile order.
    pub(super) works: Vec<Work>,
}

/// One table of a round.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) table: TableId,
    /// Its newest version at the contact.
    pub(super) head: u64,
    /// Which view of it the contact announced.
    pub(super) view: u64,
    /// Its cursor when the round began.
    pub(super) cursor: u64,
    /// A new generation, where one is needed.
    pub(super) build: Option<Build>,
    pub(super) pull: Pull,
    /// What was pulled, until it is shown.
    pub(super) held: Option<Held>,
}

/// Where a table's pull is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pull {
    /// Not begun, or to go on.
    ToDo,
    /// Sent.
    Asked,
    /// Not needed, or held.
    Done,
}

/// Changes that nobody sees yet.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) changes: Vec<RowChange>,
    pub(super) up_to: u64,
    pub(super) more: bool,
    pub(super) rows: Option<u64>,
}

/// A generation that is built from a snapshot.
#[derive(Debug)]
pub(super) struct Build {
    /// Whether the table is of no use without; else it only gets smaller.
    pub(super) required: bool,
    pub(super) generation: u64,
    pub(super) manifest_asked: bool,
    pub(super) manifest: Option<Manifest>,
    /// One a page, once the databases have said which are there.
    pub(super) pages: Option<Vec<PageStage>>,
    /// How often a page came that was not the one.
    pub(super) wrong_pages: BTreeMap<u32, u32>,
}

/// Where a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageStage {
    Missing,
    Asked,
    Storing,
    Present,
}

impl Work {
    /// The version after which changes are wanted.
    pub(super) fn since(&self) -> u64 {
        let manifest = self.build.as_ref().and_then(|build| build.manifest.as_ref());
        let begin = manifest.map_or(self.cursor, |manifest| manifest.head);
        self.held.as_ref().map_or(begin, |held| held.up_to)
    }

    /// Whether a new generation takes the place of one that tills see.
    pub(super) fn replaces_what_is_visible(&self) -> bool {
        self.build.as_ref().is_some_and(|build| build.generation > 1)
    }

    /// Whether a new generation as it is would take the table back to an older state.
    pub(super) fn would_go_back(&self) -> bool {
        self.build.is_some() && self.since() < self.cursor
    }
}

impl Build {
    pub(super) fn new(generation: u64, required: bool) -> Build {
        Build {
            required,
            generation,
            manifest_asked: false,
            manifest: None,
            pages: None,
            wrong_pages: BTreeMap::new(),
        }
    }

    pub(super) fn stage_mut(&mut self, page_no: u32) -> Option<&mut PageStage> {
        self.pages.as_mut().and_then(|pages| pages.get_mut(page_no as usize))
    }
}

impl Round {
    pub(super) fn new(heads: &Heads, works: Vec<Work>) -> Round {
        Round {
            moves_to: None,
            room_was_found: false,
            cut: heads.cut,
            schema_version: heads.schema_version,
            phase: Phase::Manifests,
            newest: 0,
            works,
        }
    }

    /// Whether it is known now what a move builds and what of it is here, and was not before.
    pub(super) fn has_to_find_room(&mut self) -> bool {
        let mut builds = self.works.iter().filter_map(|work| work.build.as_ref());
        let is_known = self.moves_to.is_some()
            && matches!(self.phase, Phase::Pages { .. })
            && builds.all(|build| build.pages.is_some());
        is_known && !std::mem::replace(&mut self.room_was_found, true)
    }

    /// Bytes of what it builds that are here already.
    pub(super) fn built_bytes(&self) -> u64 {
        let builds = self.works.iter().filter_map(|work| work.build.as_ref());
        let pages =
            builds.filter_map(|build| Some(build.manifest.as_ref()?.pages.iter().zip(build.pages.as_ref()?)));
        let here = pages.flatten().filter(|(_, stage)| **stage == PageStage::Present);
        here.map(|(page, _)| u64::from(page.bytes)).sum()
    }

    /// What it builds, as far as the manifests are here.
    pub(super) fn needs(&self) -> Vec<TableNeed> {
        let need = |work: &Work| {
            let pages = &work.build.as_ref()?.manifest.as_ref()?.pages;
            Some(TableNeed { table: work.table, bytes: pages.iter().map(|page| u64::from(page.bytes)).sum() })
        };
        self.works.iter().filter_map(need).collect()
    }

    pub(super) fn work_mut(&mut self, table: TableId) -> Option<&mut Work> {
        self.works.iter_mut().find(|work| work.table == table)
    }

    pub(super) fn build_mut(&mut self, table: TableId) -> Option<&mut Build> {
        self.work_mut(table).and_then(|work| work.build.as_mut())
    }

    /// Rows here and rows expected, once all manifests are known.
    pub(super) fn progress(&self) -> Option<(u64, u64)> {
        let builds: Vec<&Build> = self.works.iter().filter_map(|work| work.build.as_ref()).collect();
        if builds.is_empty() {
            return None;
        }
        let (mut here, mut expected) = (0, 0);
        for build in builds {
            for (page_no, page) in build.manifest.as_ref()?.pages.iter().enumerate() {
                let stage = build.pages.as_ref().and_then(|pages| pages.get(page_no));
                expected += u64::from(page.rows);
                if stage == Some(&PageStage::Present) {
                    here += u64::from(page.rows);
                }
            }
        }
        Some((here, expected))
    }
}
