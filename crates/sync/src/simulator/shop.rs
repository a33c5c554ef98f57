//! What people change in the store database during a run: rows with references, in transactions.

use holdfast_profile::TableId;

use super::model_server::{Feed, ModelRow, RowKey};
use super::rng::Rng;

/// Names new rows; a key is never used again.
#[derive(Debug, Default)]
pub(super) struct Shop {
    last_key: u64,
}

impl Shop {
    pub(super) fn new_key(&mut self, table: TableId) -> RowKey {
        self.last_key += 1;
        (table, format!("{:06}", self.last_key))
    }

    /// What is there before the first register.
    pub(super) fn stock(&mut self, feed: &mut Feed, rng: &mut Rng) {
        let single = [
            TableId::Store,
            TableId::Register,
            TableId::Currency,
            TableId::TaxRate,
            TableId::TenderType,
            TableId::Staff,
            TableId::Customer,
        ];
        let rows = single.map(|table| (self.new_key(table), Some(row(rng, Vec::new()))));
        feed.write(rows.to_vec(), false);
        for _ in 0..rng.between(0, 15) {
            self.add_product(feed, rng, false);
        }
    }

    /// One transaction.
    pub(super) fn edit(&mut self, feed: &mut Feed, rng: &mut Rng, late: bool) {
        match rng.below(9) {
            0..=2 => self.add_product(feed, rng, late),
            3 => self.move_product(feed, rng, late),
            4 => Shop::delete_product(feed, rng, late),
            5 => Shop::delete_category(feed, rng, late),
            6 => self.add_other(feed, rng, late),
            7 => Shop::change(TableId::Product, feed, rng, late),
            _ => Shop::change(TableId::Price, feed, rng, late),
        }
    }

    /// A change of this table alone, of all its rows: a view may have any of them.
    pub(super) fn touch(&mut self, feed: &mut Feed, rng: &mut Rng, table: TableId) {
        let kept = feed.live(table).into_iter();
        let mut changes: Vec<(RowKey, Option<ModelRow>)> = kept
            .filter_map(|(key, change)| {
                Some(((table, key), Some(row(rng, ModelRow::of(&change)?.refers_to))))
            })
            .collect();
        if changes.is_empty() {
            changes.push((self.new_key(table), Some(row(rng, Vec::new()))));
        }
        feed.write(changes, false);
    }

    fn add_product(&mut self, feed: &mut Feed, rng: &mut Rng, late: bool) {
        let mut changes = Vec::new();
        let category = self.some_category(feed, rng, &mut changes);
        let tax_rate = match feed.keys(TableId::TaxRate).first() {
            Some(key) if rng.chance(800) => (TableId::TaxRate, key.clone()),
            Some(_) | None => {
                let key = self.new_key(TableId::TaxRate);
                changes.push((key.clone(), Some(row(rng, Vec::new()))));
                key
            }
        };
        let product = self.new_key(TableId::Product);
        changes.push((product.clone(), Some(row(rng, vec![category, tax_rate]))));
        for table in [TableId::Barcode, TableId::Price] {
            changes.push((self.new_key(table), Some(row(rng, vec![product.clone()]))));
        }
        feed.write(changes, late);
    }

    /// A category, perhaps one that comes with the same transaction.
    fn some_category(
        &mut self,
        feed: &Feed,
        rng: &mut Rng,
        changes: &mut Vec<(RowKey, Option<ModelRow>)>,
    ) -> RowKey {
        let there = feed.keys(TableId::Category);
        match rng.pick(&there) {
            Some(key) if rng.chance(600) => (TableId::Category, key.clone()),
            Some(_) | None => {
                let key = self.new_key(TableId::Category);
                changes.push((key.clone(), Some(row(rng, Vec::new()))));
                key
            }
        }
    }

    fn move_product(&mut self, feed: &mut Feed, rng: &mut Rng, late: bool) {
        let products = feed.keys(TableId::Product);
        let Some(product) = rng.pick(&products).cloned() else { return };
        let mut changes = Vec::new();
        let category = self.some_category(feed, rng, &mut changes);
        changes.push(((TableId::Product, product), Some(row(rng, vec![category]))));
        feed.write(changes, late);
    }

    /// With what refers to it, which goes first.
    fn delete_product(feed: &mut Feed, rng: &mut Rng, late: bool) {
        let products = feed.keys(TableId::Product);
        let Some(product) = rng.pick(&products).cloned() else { return };
        let key = (TableId::Product, product);
        let mut changes = Vec::new();
        for table in [TableId::Barcode, TableId::Price] {
            changes.extend(referring(feed, table, &key).into_iter().map(|key| (key, None)));
        }
        changes.push((key, None));
        feed.write(changes, late);
    }

    fn delete_category(feed: &mut Feed, rng: &mut Rng, late: bool) {
        let categories = feed.keys(TableId::Category);
        let Some(category) = rng.pick(&categories).cloned() else { return };
        let key = (TableId::Category, category);
        if referring(feed, TableId::Product, &key).is_empty() {
            feed.write(vec![(key, None)], late);
        }
    }

    fn add_other(&mut self, feed: &mut Feed, rng: &mut Rng, late: bool) {
        let tables = [TableId::Staff, TableId::Customer, TableId::TenderType];
        let Some(&table) = rng.pick(&tables) else { return };
        let key = self.new_key(table);
        feed.write(vec![(key, Some(row(rng, Vec::new())))], late);
    }

    /// With another content a row may enter or leave a view.
    fn change(table: TableId, feed: &mut Feed, rng: &mut Rng, late: bool) {
        let rows = feed.live(table);
        let keys: Vec<&String> = rows.keys().collect();
        let Some(key) = rng.pick(&keys).map(|key| (*key).clone()) else { return };
        let Some(before) = rows.get(&key).and_then(ModelRow::of) else { return };
        let changed = ModelRow { content: rng.next(), ..before };
        feed.write(vec![((table, key), Some(changed))], late);
    }
}

fn row(rng: &mut Rng, refers_to: Vec<RowKey>) -> ModelRow {
    ModelRow { content: rng.next(), refers_to }
}

fn referring(feed: &Feed, table: TableId, to: &RowKey) -> Vec<RowKey> {
    let rows = feed.live(table);
    let refers =
        rows.values().filter(|change| ModelRow::of(change).is_some_and(|row| row.refers_to.contains(to)));
    refers.map(|change| (table, change.key.clone())).collect()
}
