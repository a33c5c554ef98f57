//! Customers in a run: what the shop changes of them, and what tills enter, online or not.

use std::collections::BTreeMap;

use holdfast_profile::Direction;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{decode, encode};

use super::edit_rules::{self, TABLE};
use super::model_server::{ModelRow, RowKey};
use super::mutation::Mutation;
use super::rng::Rng;
use super::rules::{Broken, Rule};
use super::world::{Happening, World};
use crate::overlay::{self, ShownRow};

const NAME: u32 = 1;
const PHONE: u32 = 3;
const EMAIL: u32 = 4;
const COLUMNS: [u32; 3] = [NAME, PHONE, EMAIL];

/// What a row of the model says of a customer: which rows a view keeps goes by something that stays the same.
pub(super) fn model_row(body: &[u8]) -> Option<ModelRow> {
    let row: CustomerRow = decode(body).ok()?;
    Some(ModelRow { content: row.id.bytes().map(u64::from).sum(), refers_to: Vec::new() })
}

/// A customer whose name is some content of the model.
pub(super) fn body_of(key: &str, content: u64) -> Vec<u8> {
    encode(&CustomerRow {
        id: key.to_owned(),
        name: format!("c{content}"),
        country: String::new(),
        phone: String::new(),
        email: String::new(),
    })
}

/// A new customer.
fn new_customer(key: &str, rng: &mut Rng) -> Vec<u8> {
    encode(&CustomerRow {
        id: key.to_owned(),
        name: format!("n{}", rng.below(1_000)),
        country: String::new(),
        phone: if rng.chance(500) { String::new() } else { format!("p{}", rng.below(1_000)) },
        email: String::new(),
    })
}

/// The row with one or two fields entered anew; few values, so that two sometimes enter the same.
fn changed(body: &[u8], rng: &mut Rng) -> Option<(Vec<u8>, Vec<u32>)> {
    let mut row: CustomerRow = decode(body).ok()?;
    let mut columns = Vec::new();
    for _ in 0..rng.between(1, 2) {
        let column = *rng.pick(&COLUMNS)?;
        let value = format!("v{}", rng.below(40));
        match column {
            NAME => row.name = value,
            PHONE => row.phone = value,
            _ => row.email = value,
        }
        columns.push(column);
    }
    Some((encode(&row), columns))
}

impl World {
    /// Somebody in the shop changes, adds or deletes a customer.
    pub(super) fn shop_edits_customer(&mut self) {
        let keys = self.server.feed.keys(TABLE);
        let picked = self.rng.pick(&keys).cloned();
        let Some(key) = picked.filter(|_| self.rng.chance(850)) else {
            let row = self.shop.new_key(TABLE);
            let body = new_customer(&row.1, &mut self.rng);
            self.server.feed.write_body(row, Some(body));
            return;
        };
        let row: RowKey = (TABLE, key);
        if self.rng.chance(80) {
            self.server.feed.write_body(row, None);
            return;
        }
        let body = self.server.feed.body(&row);
        if let Some((body, columns)) = body.and_then(|body| changed(&body, &mut self.rng)) {
            self.server.edits.shop_changed(&row, &columns, self.now_ms);
            self.server.feed.write_body(row, Some(body));
        }
    }

    /// Somebody at a till changes or adds a customer.
    pub(super) fn till_edits_customer(&mut self, at: usize) -> Result<(), Broken> {
        // Now and then a till does what its profile does not let it: the store server must refuse that.
        let allowed = self.registers[at].store.state().profile.is_some_and(|(_, profile)| {
            profile.entry(TABLE).is_some_and(|(scope, _)| scope.direction == Direction::Bidirectional)
        });
        let rotten = self.registers[at].rotten().contains(&TABLE);
        if rotten || (!allowed && !self.rng.chance(200)) {
            return Ok(());
        }
        let shown = self.shown_customers(at)?;
        let keys: Vec<&String> = shown.keys().collect();
        let picked = self.rng.pick(&keys).map(|key| (*key).clone());
        let local_ms = self.now_ms + self.registers[at].clock_offset_ms;
        let register = &mut self.registers[at];
        let (key, before, after) = match picked.filter(|_| self.rng.chance(800)) {
            Some(key) => {
                let shown = register.store.shown_row(TABLE, &key).map_err(unreadable)?;
                let Some((after, _)) = shown.body.as_deref().and_then(|body| changed(body, &mut self.rng))
                else {
                    return Ok(());
                };
                (key, shown, after)
            }
            None => {
                let key = format!("r{}-{}", register.number, register.edits_count);
                let after = new_customer(&key, &mut self.rng);
                (key, ShownRow { body: None, base_version: 0, follows_seq: None }, after)
            }
        };
        let edit = before.edit(TABLE, &key, &after, local_ms);
        let edit = edit.map_err(|error| (Rule::Readable, error.to_string()))?;
        let Some(edit) = edit else { return Ok(()) };
        // An activated register can always edit.
        if let Err(error) = register.store.append_edit(&edit) {
            unreachable!("a simulated till can't edit: {error}");
        }
        register.edits_count += 1;
        let incarnation = register.incarnation;
        if !self.rng.chance(self.rates.message_lost) {
            let wait_ms = self.rng.between(0, 20);
            self.after(wait_ms, Happening::JournalGrew { at, incarnation });
        }
        self.check_customers(at)
    }

    /// What the register shows of its customers; with [`Mutation::DownloadOverwritesWaiting`] what came last, with
    /// [`Mutation::MergedEditEndsAtCursor`] as if the table were whole up to its cursor.
    fn shown_customers(&self, at: usize) -> Result<BTreeMap<String, RowChange>, Broken> {
        let store = &self.registers[at].store;
        let mut shown = store.shown_rows(TABLE).map_err(unreadable)?;
        if self.mutation == Some(Mutation::MergedEditEndsAtCursor) {
            let rows = store.rows(TABLE).map_err(unreadable)?;
            let cursor = store.state().tables.get(&TABLE).map_or(u64::MAX, |record| record.cursor);
            let laid_over = overlay::shown_rows(&store.edits(), TABLE, &rows, cursor);
            shown = laid_over.map_err(|error| (Rule::Readable, error.to_string()))?;
        }
        if self.mutation == Some(Mutation::DownloadOverwritesWaiting) {
            let rows = store.rows(TABLE).map_err(unreadable)?;
            for kept in store.edits() {
                if let Some(row) = rows.get(&kept.edit.key).filter(|row| row.version > kept.edit.base_version)
                {
                    shown.insert(kept.edit.key.clone(), row.clone());
                }
            }
        }
        Ok(shown)
    }

    /// What was entered here is what is shown here.
    pub(super) fn check_customers(&self, at: usize) -> Result<(), Broken> {
        if self.registers[at].rotten().contains(&TABLE) {
            return Ok(());
        }
        edit_rules::check_shown(&self.registers[at], &self.server, &self.shown_customers(at)?)
    }
}

fn unreadable(error: crate::store::StoreError) -> Broken {
    (Rule::Readable, error.to_string())
}
