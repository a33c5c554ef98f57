//! Which pictures of products a register keeps: what to drop, what to fetch, in which order.
//!
//! Pure: from the pictures that there are, those that are kept, when each was last sold and shown, and the cap. Carrying
//! the plan out leaves nothing to plan, and at no step is the cap passed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// A picture that there is, of a product that the register keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The product.
    pub sku: String,
    /// SHA-256 of the picture.
    pub hash: [u8; 32],
    /// Bytes of it.
    pub bytes: u64,
    /// The product's place among the best sellers, from 1; 0 for none.
    pub rank: u32,
}

/// A picture that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The product.
    pub sku: String,
    /// SHA-256 of the picture.
    pub hash: [u8; 32],
}

/// When a product was last sold and shown on this register, ms since 1970; 0 for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastUse {
    /// Sold.
    pub sold_at_ms: i64,
    /// Shown.
    pub shown_at_ms: i64,
}

/// What to do, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Pictures to drop first.
    pub drop: Vec<String>,
    /// Pictures to fetch then, the best sellers first.
    pub fetch: Vec<Offered>,
}

/// A time as the plan counts it: to the hour. What is shown again within it needs not be noted.
pub fn to_the_hour(at_ms: i64) -> i64 {
    at_ms - at_ms.rem_euclid(HOUR_MS)
}

/// What makes the register keep, within the cap, the pictures of the products that it sold last, then of those that it
/// showed last, then of the best sellers.
pub fn plan(offered: &[Offered], kept: &[Kept], uses: &BTreeMap<String, LastUse>, cap_bytes: u64) -> Plan {
    let mut by_worth: Vec<(&Offered, LastUse)> = offered
        .iter()
        .map(|picture| (picture, uses.get(&picture.sku).copied().unwrap_or_default()))
        .collect();
    by_worth.sort_by_key(|(picture, last)| {
        let times = (Reverse(to_the_hour(last.sold_at_ms)), Reverse(to_the_hour(last.shown_at_ms)));
        (times, best_first(picture))
    });
    let mut wanted: BTreeMap<&str, &Offered> = BTreeMap::new();
    let mut bytes = 0_u64;
    for (picture, _) in by_worth {
        let with_it = bytes.saturating_add(picture.bytes);
        // One that does not fit leaves its place to smaller ones.
        if with_it <= cap_bytes && !wanted.contains_key(picture.sku.as_str()) {
            wanted.insert(&picture.sku, picture);
            bytes = with_it;
        }
    }
    let is_wanted =
        |kept: &&Kept| wanted.get(kept.sku.as_str()).is_some_and(|wanted| wanted.hash == kept.hash);
    let here: BTreeSet<&str> = kept.iter().filter(is_wanted).map(|kept| kept.sku.as_str()).collect();
    let drop = kept.iter().filter(|kept| !is_wanted(kept)).map(|kept| kept.sku.clone()).collect();
    let mut fetch: Vec<Offered> =
        wanted.into_values().filter(|picture| !here.contains(picture.sku.as_str())).cloned().collect();
    fetch.sort_by(|a, b| best_first(a).cmp(&best_first(b)));
    Plan { drop, fetch }
}

/// Best sellers by rank, then the others; rank 0 is none and comes last.
fn best_first(picture: &Offered) -> (u32, &str) {
    (picture.rank.wrapping_sub(1), &picture.sku)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn picture(sku: u8, hash: u8, bytes: u64, rank: u32) -> Offered {
        Offered { sku: format!("{sku}"), hash: [hash; 32], bytes, rank }
    }

    fn offered() -> impl Strategy<Value = Vec<Offered>> {
        let one = (0u8..3, 0u64..60, 0u32..9);
        proptest::collection::vec(one, 0..20).prop_map(|all| {
            (0..).zip(all).map(|(sku, (hash, bytes, rank))| picture(sku, hash, bytes, rank)).collect()
        })
    }

    fn kept() -> impl Strategy<Value = Vec<Kept>> {
        proptest::collection::btree_map(0u8..24, 0u8..3, 0..20).prop_map(|all| {
            all.into_iter().map(|(sku, hash)| Kept { sku: format!("{sku}"), hash: [hash; 32] }).collect()
        })
    }

    fn uses() -> impl Strategy<Value = BTreeMap<String, LastUse>> {
        let hours = (0i64..6, 0i64..6)
            .prop_map(|(sold, shown)| LastUse { sold_at_ms: sold * HOUR_MS, shown_at_ms: shown * HOUR_MS });
        proptest::collection::btree_map((0u8..24).prop_map(|sku| format!("{sku}")), hours, 0..20)
    }

    /// What is kept once the plan is carried out; its bytes never pass the cap on the way.
    fn carried_out(offered: &[Offered], kept: &[Kept], plan: &Plan, cap: u64) -> Vec<Kept> {
        let mut after: Vec<Kept> = kept.to_vec();
        after.retain(|kept| !plan.drop.contains(&kept.sku));
        let bytes = |kept: &[Kept]| -> u64 {
            kept.iter()
                .map(|kept| offered.iter().find(|one| one.sku == kept.sku).expect("offered").bytes)
                .sum()
        };
        for picture in &plan.fetch {
            assert!(after.iter().all(|kept| kept.sku != picture.sku), "fetched though it is kept");
            after.push(Kept { sku: picture.sku.clone(), hash: picture.hash });
            assert!(bytes(&after) <= cap);
        }
        after
    }

    proptest! {
        #[test]
        fn a_plan_that_is_carried_out_leaves_nothing_to_plan(
            offered in offered(), kept in kept(), uses in uses(), cap in 0u64..400,
        ) {
            let plan = plan(&offered, &kept, &uses, cap);
            let after = carried_out(&offered, &kept, &plan, cap);
            prop_assert_eq!(super::plan(&offered, &after, &uses, cap), Plan::default());
        }

        #[test]
        fn what_is_kept_is_as_the_store_server_has_it(
            offered in offered(), kept in kept(), uses in uses(), cap in 0u64..400,
        ) {
            let plan = plan(&offered, &kept, &uses, cap);
            for kept in carried_out(&offered, &kept, &plan, cap) {
                prop_assert!(offered.iter().any(|one| one.sku == kept.sku && one.hash == kept.hash));
            }
        }

        #[test]
        fn nothing_is_left_out_for_something_worth_less(
            offered in offered(), uses in uses(), cap in 0u64..400,
        ) {
            let after: Vec<String> =
                plan(&offered, &[], &uses, cap).fetch.into_iter().map(|picture| picture.sku).collect();
            let sold = |sku: &str| uses.get(sku).map_or(0, |last| last.sold_at_ms);
            for missing in offered.iter().filter(|picture| !after.contains(&picture.sku)) {
                // Whatever was sold at the same time or later must have taken the room.
                let before: u64 = offered
                    .iter()
                    .filter(|one| after.contains(&one.sku) && sold(&one.sku) >= sold(&missing.sku))
                    .map(|one| one.bytes)
                    .sum();
                prop_assert!(before + missing.bytes > cap);
            }
        }

        #[test]
        fn without_a_cap_in_the_way_all_are_kept_and_the_best_sellers_come_first(
            offered in offered(), kept in kept(), uses in uses(),
        ) {
            let plan = plan(&offered, &kept, &uses, u64::MAX);
            let after = carried_out(&offered, &kept, &plan, u64::MAX);
            prop_assert_eq!(after.len(), offered.len());
            let ranks: Vec<u32> = plan.fetch.iter().map(|picture| picture.rank.wrapping_sub(1)).collect();
            prop_assert!(ranks.is_sorted());
        }
    }

    #[test]
    fn at_the_cap_the_least_recently_sold_goes_first_then_the_least_recently_shown() {
        let offered = [picture(1, 0, 10, 1), picture(2, 0, 10, 2), picture(3, 0, 10, 3)];
        let kept: Vec<Kept> =
            offered.iter().map(|one| Kept { sku: one.sku.clone(), hash: one.hash }).collect();
        let last =
            |sold: i64, shown: i64| LastUse { sold_at_ms: sold * HOUR_MS, shown_at_ms: shown * HOUR_MS };
        let uses = BTreeMap::from([
            ("1".to_owned(), last(0, 5)),
            ("2".to_owned(), last(0, 7)),
            ("3".to_owned(), last(2, 0)),
        ]);
        let dropped = |cap| plan(&offered, &kept, &uses, cap).drop;
        assert_eq!(dropped(30), [""; 0]);
        assert_eq!(dropped(29), ["1"]);
        assert_eq!(dropped(19), ["1", "2"]);
        assert_eq!(dropped(9), ["1", "2", "3"]);
    }

    #[test]
    fn a_changed_picture_is_fetched_again_and_one_that_went_is_dropped() {
        let offered = [picture(1, 9, 10, 1)];
        let kept = ["1", "2"].map(|sku| Kept { sku: sku.into(), hash: [0; 32] });
        let plan = plan(&offered, &kept, &BTreeMap::new(), 100);
        assert_eq!((plan.drop, plan.fetch), (vec!["1".to_owned(), "2".to_owned()], offered.to_vec()));
    }
}
