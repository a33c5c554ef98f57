//! The order of things that two versions arranged.

use std::collections::BTreeMap;

use super::conflicts::Three;

/// Orders of what both sides have, where each side arranged it in another way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OrderConflict<K> {
    pub(super) mine: Vec<K>,
    pub(super) theirs: Vec<K>,
}

/// The order of what both sides have: of the side that changed it. What comes from one side only is not in it.
pub(super) fn common_order<K: Clone + Ord>(three: Three<&[K]>) -> Result<Vec<K>, OrderConflict<K>> {
    let Three { base, mine, theirs } = three;
    let of_both = |key: &&K| mine.contains(key) && theirs.contains(key);
    let [base, mine, theirs] =
        [base, mine, theirs].map(|order| order.iter().filter(of_both).cloned().collect::<Vec<K>>());
    if mine == theirs || theirs == base {
        Ok(mine)
    } else if mine == base {
        Ok(theirs)
    } else {
        Err(OrderConflict { mine, theirs })
    }
}

/// Puts what comes from one side only behind what it stands behind there.
pub(super) fn with_additions<K: Clone + Ord>(common: &[K], mine: &[K], theirs: &[K]) -> Vec<K> {
    let (mut of_mine, mut of_theirs) = (additions(common, mine), additions(common, theirs));
    let mut order = Vec::new();
    for anchor in std::iter::once(None).chain(common.iter().map(Some)) {
        order.extend(anchor.cloned());
        let mut groups = [of_mine.remove(&anchor), of_theirs.remove(&anchor)];
        // Additions of both sides at one place: an order that is the same whoever merges.
        groups.sort();
        order.extend(groups.into_iter().flatten().flatten());
    }
    order
}

fn additions<'a, K: Clone + Ord>(common: &'a [K], order: &[K]) -> BTreeMap<Option<&'a K>, Vec<K>> {
    let mut anchor = None;
    let mut additions: BTreeMap<Option<&K>, Vec<K>> = BTreeMap::new();
    for key in order {
        match common.iter().find(|common| *common == key) {
            Some(found) => anchor = Some(found),
            None => additions.entry(anchor).or_default().push(key.clone()),
        }
    }
    additions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, mine: &str, theirs: &str) -> Option<String> {
        let [base, mine, theirs] = [base, mine, theirs].map(|order| order.chars().collect::<Vec<char>>());
        let common = common_order(Three { base: &base[..], mine: &mine, theirs: &theirs }).ok()?;
        Some(with_additions(&common, &mine, &theirs).into_iter().collect())
    }

    #[test]
    fn the_side_that_moved_something_decides() {
        assert_eq!(merged("abc", "acb", "abc").as_deref(), Some("acb"));
        assert_eq!(merged("abc", "abc", "cab").as_deref(), Some("cab"));
        assert_eq!(merged("abc", "acb", "acb").as_deref(), Some("acb"));
        assert_eq!(merged("abc", "acb", "bac"), None);
    }

    #[test]
    fn additions_stay_behind_what_they_were_put_behind() {
        assert_eq!(merged("ab", "axb", "ba").as_deref(), Some("bax"));
        assert_eq!(merged("ab", "xab", "aby").as_deref(), Some("xaby"));
        assert_eq!(merged("ab", "aby", "abx").as_deref(), Some("abxy"));
        assert_eq!(merged("ab", "abx", "aby").as_deref(), Some("abxy"));
    }
}
