//! Building a generation unseen: its manifest, then the pages that are not here yet.

use holdfast_profile::TableId;
use holdfast_protocol::messages::Manifest;
use holdfast_protocol::page;

use super::plan::COMPACTION_WAIT_MS;
use super::round::{Build, PageStage, Phase, Round};
use crate::effect::{Call, ManifestRequest};
use crate::engine::requests::Purpose;
use crate::engine::storage::{Owner, Step};
use crate::engine::wait::Wait;
use crate::engine::{Engine, REQUEST_TIMEOUT_MS};
use crate::status::MoveFailure;
use crate::store::StoreCall;

/// Requests on their way at once, and pages in memory at once.
const PARALLEL_MAX: usize = 4;
/// How often one page may come wrong before the round is given up.
const WRONG_PAGES_MAX: u32 = 3;

impl Engine {
    pub(super) fn step_manifests(&mut self, round: &mut Round) -> bool {
        let mut on_their_way = self.requests.count(|purpose| matches!(purpose, Purpose::Manifest(_)));
        let may_sync = self.may_sync();
        let profile_version = round.moves_to;
        for work in &mut round.works {
            let Some(build) = &mut work.build else { continue };
            if may_sync && !build.manifest_asked && on_their_way < PARALLEL_MAX {
                build.manifest_asked = true;
                on_their_way += 1;
                let request = ManifestRequest { table: work.table, profile_version };
                self.send(Purpose::Manifest(work.table), Call::Manifest(request), REQUEST_TIMEOUT_MS);
            }
        }
        let complete =
            round.works.iter().filter_map(|work| work.build.as_ref()).all(|b| b.manifest.is_some());
        if complete {
            self.keep_newer_than_snapshots(round);
            self.begin_builds(round);
            round.phase = Phase::Pages { at: 0 };
        }
        complete
    }

    /// All at once, so that it is known what of them is here before anything else is stored.
    fn begin_builds(&mut self, round: &Round) {
        for work in &round.works {
            let Some(Build { generation, manifest: Some(manifest), .. }) = &work.build else { continue };
            let (table, generation) = (work.table, *generation);
            let pages = manifest.pages.iter().map(|page| *page.hash).collect();
            let call = StoreCall::BeginGeneration { table, generation, pages };
            self.storage.enqueue(Owner::Download, Step::BeginGeneration { table }, call);
        }
    }

    /// A snapshot that is older than the table and only would make it smaller is not worth going back for.
    fn keep_newer_than_snapshots(&mut self, round: &mut Round) {
        for work in &mut round.works {
            let useless = |build: &mut Build| {
                !build.required && build.manifest.as_ref().is_some_and(|manifest| manifest.head < work.cursor)
            };
            if work.build.take_if(useless).is_some() {
                self.download.no_compaction = Some(Wait::begin(self.now_ms, COMPACTION_WAIT_MS));
            }
        }
    }

    pub(in crate::engine) fn manifest_answered(&mut self, manifest: Manifest) {
        let table = manifest.table;
        let work = self.download.round.as_mut().and_then(|round| round.work_mut(table));
        match work.map(|work| (work.view, work.build.as_mut())) {
            Some((view, Some(_))) if view != manifest.view.unwrap_or(0) => self.fail_for_other_view(table),
            Some((_, Some(build))) => build.manifest = Some(manifest),
            Some((_, None)) | None => self.confused("a manifest came that no round wants"),
        }
    }

    pub(super) fn step_pages(&mut self, round: &mut Round, at: usize) -> bool {
        if round.moves_to.is_some() && !round.room_was_found {
            return false;
        }
        let Some(work) = round.works.get_mut(at) else {
            round.phase = Phase::Pulls { before: round.works.len() };
            return true;
        };
        let table = work.table;
        let Some(build) = &mut work.build else {
            round.phase = Phase::Pages { at: at + 1 };
            return true;
        };
        let Some(manifest) = &build.manifest else { return false };
        let Some(pages) = &mut build.pages else { return false };
        if pages.iter().all(|&stage| stage == PageStage::Present) {
            round.phase = Phase::Pages { at: at + 1 };
            return true;
        }
        if !self.may_sync() {
            return false;
        }
        let mut busy =
            pages.iter().filter(|stage| matches!(stage, PageStage::Asked | PageStage::Storing)).count();
        for ((page_no, page), stage) in (0u32..).zip(&manifest.pages).zip(pages) {
            if *stage == PageStage::Missing && busy < PARALLEL_MAX {
                *stage = PageStage::Asked;
                busy += 1;
                self.send(Purpose::Page { table, page_no }, Call::Page(*page.hash), REQUEST_TIMEOUT_MS);
            }
        }
        false
    }

    pub(in crate::engine) fn generation_begun(&mut self, table: TableId, present: &[u32]) {
        let build = self.download.round.as_mut().and_then(|round| round.build_mut(table));
        let Some(build) = build else { return self.confused("a generation was begun that no round builds") };
        let pages_count = build.manifest.as_ref().map_or(0, |manifest| manifest.pages.len());
        let stage =
            |page_no| if present.contains(&page_no) { PageStage::Present } else { PageStage::Missing };
        build.pages = Some((0u32..).take(pages_count).map(stage).collect());
    }

    pub(in crate::engine) fn page_answered(&mut self, table: TableId, page_no: u32, bytes: Vec<u8>) {
        let build = self.download.round.as_mut().and_then(|round| round.build_mut(table));
        let Some(build) = build else { return self.confused("a page came that no round wants") };
        let expected = build
            .manifest
            .as_ref()
            .and_then(|manifest| manifest.pages.get(page_no as usize))
            .map(|page| *page.hash);
        let right = expected == Some(page::address(&bytes)) && page::verify(&bytes).is_ok();
        let generation = build.generation;
        let wrong_count = build.wrong_pages.entry(page_no).or_insert(0);
        if !right {
            *wrong_count += 1;
        }
        let given_up = !right && *wrong_count >= WRONG_PAGES_MAX;
        if let Some(stage) = build.stage_mut(page_no) {
            *stage = if right { PageStage::Storing } else { PageStage::Missing };
        }
        if given_up && self.download.is_moving() {
            self.fail_move(MoveFailure::Unreadable { table, page_no });
        } else if given_up {
            self.fail_round(format!("page {page_no} of {table} came damaged {WRONG_PAGES_MAX} times"));
        } else if right {
            let call = StoreCall::PutPage { table, generation, page_no, bytes };
            self.storage.enqueue(Owner::Download, Step::PutPage { table, page_no }, call);
        }
    }

    pub(in crate::engine) fn page_put(&mut self, table: TableId, page_no: u32) {
        let build = self.download.round.as_mut().and_then(|round| round.build_mut(table));
        match build.and_then(|build| build.stage_mut(page_no)) {
            Some(stage) => *stage = PageStage::Present,
            None => self.confused("a page was stored that no round builds"),
        }
    }
}
