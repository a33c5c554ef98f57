//! Disks that rot: what they keep of a table is no longer what was written, and nobody is told.

use std::collections::BTreeSet;

use holdfast_profile::TableId;
use holdfast_protocol::page;

use super::world::World;

impl World {
    /// A bit of a page turns.
    pub(super) fn rot_page(&mut self, at: usize) {
        let Some((table, page_no, mut bytes)) = self.some_page(at) else { return };
        self.count_fault("page rotted");
        let place = usize::try_from(self.rng.below(bytes.len() as u64)).unwrap_or(0);
        bytes[place] ^= 1 << self.rng.below(8);
        self.registers[at].store.spoil_page(table, page_no, |page| *page = bytes);
    }

    /// A row is gone from a page, a tombstone perhaps, and the checksum holds.
    pub(super) fn rot_row(&mut self, at: usize) {
        let Some((table, page_no, bytes)) = self.some_page(at) else { return };
        // One that a bit has turned in before.
        let Ok(mut rows) = page::unpack(&bytes) else { return };
        if rows.is_empty() {
            return;
        }
        self.count_fault("row rotted");
        rows.remove(usize::try_from(self.rng.below(rows.len() as u64)).unwrap_or(0));
        self.registers[at].store.spoil_page(table, page_no, |page| *page = page::pack(&rows));
    }

    /// A page of a visible generation, from now on known to be rotten.
    fn some_page(&mut self, at: usize) -> Option<(TableId, usize, Vec<u8>)> {
        let tables = self.registers[at].store.state().tables;
        let generations: Vec<(TableId, u64)> =
            tables.iter().map(|(&table, record)| (table, record.generation)).collect();
        let &(table, generation) = self.rng.pick(&generations)?;
        let mut pages = self.registers[at].store.pages(table);
        let page_no = usize::try_from(self.rng.below(pages.len().max(1) as u64)).unwrap_or(0);
        let bytes = (page_no < pages.len()).then(|| pages.swap_remove(page_no))?;
        self.registers[at].rotted.insert((table, generation));
        Some((table, page_no, bytes))
    }

    /// Rot that nothing reads is found with the next change of its table, so there is one.
    pub(super) fn let_rot_be_found(&mut self) {
        let rotten: BTreeSet<TableId> =
            self.registers.iter().flat_map(super::register::Register::rotten).collect();
        for table in rotten {
            self.shop.touch(&mut self.server.feed, &mut self.rng, table);
        }
    }
}
