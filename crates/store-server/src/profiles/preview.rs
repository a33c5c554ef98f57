//! What it would do to registers that they go by another profile, because that is published, brought back or given to
//! them: rows and bytes by table, the change plan, and each register's share of it.

use std::collections::BTreeMap;

use holdfast_profile::{
    ChangePlan, JOURNAL_ROOM_BYTES, Profile, StoppedOperation, TableId, TableStep, change_plan,
};
use serde::Serialize;

use super::ProfileRegister;
use crate::views::TableSize;

/// Bytes of rows that a register takes a second, by which times are estimated until registers report how fast theirs
/// were: a tenth of what a spike measured in a browser on a fast network, as on a shop's mobile line.
const ROW_BYTES_PER_S: u64 = 1_000_000;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    tables: Vec<TablePreview>,
    /// What changes for whoever goes by the profile before.
    pub plan: ChangePlan,
    /// The registers that would go by it and have a device, by their numbers.
    pub registers: Vec<RegisterPreview>,
    /// What estimated times take for granted, bytes of rows a second.
    estimated_bytes_per_s: u64,
}

impl Preview {
    /// Whether it is known of every register that it has no room for what would come.
    pub fn fits_nowhere(&self) -> bool {
        !self.registers.is_empty() && self.registers.iter().all(|register| register.fits == Some(false))
    }
}

/// A table that registers would download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct TablePreview {
    #[serde(flatten)]
    size: TableSize,
    /// Rows with the profile before; none where that does not download the table.
    before_rows: u64,
    before_bytes: u64,
}

/// What one register would have to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterPreview {
    number: u16,
    name: String,
    /// The version that it has,
    version: Option<u64>,
    /// and the name of the profile that this was published of.
    profile_name: Option<String>,
    rows_down: u64,
    bytes_down: u64,
    rows_removed: u64,
    estimated_s: u64,
    storage_free_bytes: Option<u64>,
    /// Whether what comes finds room beside what is there; unknown where the register has not said how much it has.
    pub fits: Option<bool>,
    /// Most that pictures take beyond what they may take now, bytes. They come when all else is there.
    pictures_bytes: u64,
    /// Whether these find room beside that, too. Without, the register sells as well, and leaves pictures out.
    pictures_fit: Option<bool>,
    /// What stops working offline there and not in the plan: the register comes from another version.
    also_stops_offline: Vec<StoppedOperation>,
    /// Entries that waited there at its last contact,
    waiting: Option<u64>,
    /// and whether they go up before what they belong to goes: a table of theirs is uploaded no more.
    uploads_first: bool,
    offline_since_ms: Option<i64>,
}

/// For how long a register that has spoken counts as online, milliseconds, by the profile that it has: it speaks at least
/// once in its health-check interval.
pub fn heard_for_ms(here: Option<&Profile>) -> i64 {
    here.map(|profile| profile.device.health_check_s).unwrap_or_default().heard_for_ms()
}

/// Rows by table that registers keep with a version and would keep no more, by the number of that version.
pub type Leaving = BTreeMap<u64, BTreeMap<TableId, u64>>;

/// What was counted for a preview.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// What registers would keep,
    pub sizes: Vec<TableSize>,
    /// and what they keep with the profile that they go by.
    pub before: Vec<TableSize>,
    /// The versions that they have, by number,
    pub bodies: BTreeMap<u64, Profile>,
    /// and the rows that go from each.
    pub leaving: Leaving,
    /// All pictures that the store has, bytes.
    pub pictures_bytes: u64,
}

/// Registers that would go by another profile.
#[derive(Debug, Clone)]
pub struct Moving<'a> {
    /// What they go by now; none where nothing is published.
    pub before: Option<&'a Profile>,
    /// What they would go by.
    pub after: &'a Profile,
    /// The registers; those without a device have nothing to do.
    pub registers: Vec<&'a ProfileRegister>,
}

impl Moving<'_> {
    /// The versions that they have, which [`preview`] needs.
    pub fn versions(&self) -> Vec<u64> {
        versions_of(self.registers.iter().copied())
    }
}

/// The versions that registers with a device have, each once.
pub fn versions_of<'a>(registers: impl Iterator<Item = &'a ProfileRegister>) -> Vec<u64> {
    let activated = registers.filter(|register| register.is_activated);
    let mut versions: Vec<u64> = activated.filter_map(|register| register.version).collect();
    versions.sort_unstable();
    versions.dedup();
    versions
}

/// Puts together what was counted.
pub fn preview(moving: &Moving<'_>, counted: &Counted, now_ms: i64) -> Preview {
    let Counted { sizes, before, bodies, leaving: _, pictures_bytes: _ } = counted;
    let table = |size: &TableSize| {
        let earlier = before.iter().find(|earlier| earlier.table == size.table);
        TablePreview {
            size: *size,
            before_rows: earlier.map_or(0, |earlier| earlier.rows),
            before_bytes: earlier.map_or(0, |earlier| earlier.bytes),
        }
    };
    let nothing = Profile { scopes: Vec::new(), ..moving.after.clone() };
    let all = change_plan(moving.before.unwrap_or(&nothing), moving.after);
    let mut plans: BTreeMap<Option<u64>, ChangePlan> = BTreeMap::new();
    let register = |register: &&ProfileRegister| {
        let here = register.version.and_then(|version| bodies.get(&version));
        let plan = plans
            .entry(register.version)
            .or_insert_with(|| change_plan(here.unwrap_or(&nothing), moving.after));
        let offline_since_ms = register.last_contact_ms.filter(|last| now_ms - last > heard_for_ms(here));
        let coming = Coming { here, after: moving.after, plan, stops_anyway: &all.stops_offline };
        register_preview(register, &coming, counted, offline_since_ms)
    };
    let registers = moving.registers.iter().filter(|register| register.is_activated).map(register).collect();
    let tables = sizes.iter().map(table).collect();
    Preview { tables, plan: all, registers, estimated_bytes_per_s: ROW_BYTES_PER_S }
}

/// What a register comes from and goes to.
struct Coming<'a> {
    here: Option<&'a Profile>,
    after: &'a Profile,
    plan: &'a ChangePlan,
    stops_anyway: &'a [StoppedOperation],
}

impl Coming<'_> {
    /// Most that pictures take there beyond what they may take now, bytes, of so many that there are.
    fn pictures_bytes(&self, all: u64) -> u64 {
        let most = |profile: &Profile| match profile.entry(TableId::Product) {
            Some(_) => profile.device.image_folder.bytes_max().min(all),
            None => 0,
        };
        most(self.after).saturating_sub(self.here.map_or(0, most))
    }
}

fn register_preview(
    register: &ProfileRegister,
    coming: &Coming<'_>,
    counted: &Counted,
    offline_since_ms: Option<i64>,
) -> RegisterPreview {
    let Coming { here, after: _, plan, stops_anyway } = coming;
    let sizes = &counted.sizes;
    let leaving = register.version.and_then(|version| counted.leaving.get(&version));
    let pictures_bytes = coming.pictures_bytes(counted.pictures_bytes);
    let size = |table: TableId| sizes.iter().find(|size| size.table == table);
    let (mut rows_down, mut bytes_down, mut rows_removed) = (0_u64, 0_u64, 0_u64);
    for change in &plan.tables {
        let here = register.rows.get(&change.table).copied().unwrap_or(0);
        let (rows, bytes) = size(change.table).map_or((0, 0), |size| (size.rows, size.bytes));
        match change.step {
            TableStep::Keep => {}
            TableStep::Build | TableStep::Rebuild => {
                rows_down = rows_down.saturating_add(rows);
                bytes_down = bytes_down.saturating_add(bytes);
                // At least what is too much there, at most what is there: it may not have all of its version yet.
                let leave = leaving.and_then(|leaving| leaving.get(&change.table)).copied().unwrap_or(0);
                rows_removed = rows_removed.saturating_add(leave.max(here.saturating_sub(rows)).min(here));
            }
            TableStep::Drop => rows_removed = rows_removed.saturating_add(here),
        }
    }
    let is_new =
        |stopped: &StoppedOperation| !stops_anyway.iter().any(|known| known.operation == stopped.operation);
    let storage_free_bytes = register.storage_bytes.map(|(used, quota)| quota.saturating_sub(used));
    // What is new is built beside what is there, which stays until the switch.
    let has_room_for =
        |bytes: u64| storage_free_bytes.map(|free| bytes <= free.saturating_sub(JOURNAL_ROOM_BYTES));
    RegisterPreview {
        number: register.number,
        name: register.name.clone(),
        version: register.version,
        profile_name: here.map(|profile| profile.name.clone()),
        rows_down,
        bytes_down,
        rows_removed,
        estimated_s: bytes_down.div_ceil(ROW_BYTES_PER_S),
        storage_free_bytes,
        fits: has_room_for(bytes_down),
        pictures_bytes,
        pictures_fit: has_room_for(bytes_down.saturating_add(pictures_bytes)),
        also_stops_offline: plan.stops_offline.iter().filter(|stopped| is_new(stopped)).cloned().collect(),
        waiting: register.waiting,
        uploads_first: plan.tables.iter().any(|change| change.waits_for_upload),
        offline_since_ms,
    }
}
