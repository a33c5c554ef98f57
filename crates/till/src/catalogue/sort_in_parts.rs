//! Sorting a hundred thousand rows without stopping the page: a merge sort that goes on step by step.

use std::cmp::Ordering;

/// How many items a step takes: some milliseconds on a slow tablet.
const STEP_ITEMS: usize = 2_048;

/// A sort that is under way.
#[derive(Debug, Clone)]
pub struct SortInParts<T> {
    // Runs of `width` items are sorted each; while `width` is 0 the first runs are being made.
    items: Vec<T>,
    width: usize,
    // The first runs made so far, or what is merged of this round so far.
    merged: Vec<T>,
    // The next item of the left and of the right one of the two runs that are being merged.
    left: usize,
    right: usize,
}

impl<T: Copy> SortInParts<T> {
    /// Begins.
    pub fn new(items: Vec<T>) -> SortInParts<T> {
        SortInParts { merged: Vec::with_capacity(items.len()), items, width: 0, left: 0, right: 0 }
    }

    /// Does a part of the work; whether all of it is done.
    pub fn step(&mut self, compare: impl Fn(&T, &T) -> Ordering) -> bool {
        if self.width == 0 {
            self.make_run(compare);
        } else if self.width < self.items.len() {
            self.merge(compare);
        }
        self.width >= self.items.len()
    }

    /// The items; sorted, once all is done.
    pub fn finish(self) -> Vec<T> {
        self.items
    }

    fn make_run(&mut self, compare: impl Fn(&T, &T) -> Ordering) {
        let from = self.left;
        let to = (from + STEP_ITEMS).min(self.items.len());
        self.items[from..to].sort_unstable_by(compare);
        self.left = to;
        if to == self.items.len() {
            self.begin_round(STEP_ITEMS);
        }
    }

    fn merge(&mut self, compare: impl Fn(&T, &T) -> Ordering) {
        let until = (self.merged.len() + STEP_ITEMS).min(self.items.len());
        while self.merged.len() < until {
            // Both runs of a pair are done: what is merged ends where the next pair begins.
            let pair = 2 * self.width;
            let begins = self.merged.len() / pair * pair;
            let (left_ends, right_ends) =
                ((begins + self.width).min(self.items.len()), (begins + pair).min(self.items.len()));
            if self.merged.len() == begins {
                (self.left, self.right) = (begins, left_ends);
            }
            let takes_left = self.right == right_ends
                || (self.left < left_ends
                    && compare(&self.items[self.left], &self.items[self.right]) != Ordering::Greater);
            let from = if takes_left { &mut self.left } else { &mut self.right };
            self.merged.push(self.items[*from]);
            *from += 1;
        }
        if until == self.items.len() {
            std::mem::swap(&mut self.items, &mut self.merged);
            self.begin_round(2 * self.width);
        }
    }

    fn begin_round(&mut self, width: usize) {
        self.width = width;
        self.merged.clear();
        (self.left, self.right) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(items: Vec<u32>) -> Vec<u32> {
        let mut sort = SortInParts::new(items);
        while !sort.step(u32::cmp) {}
        sort.finish()
    }

    #[test]
    fn nothing_and_one_are_sorted_at_once() {
        assert_eq!(sorted(vec![]), [0; 0]);
        assert_eq!(sorted(vec![7]), [7]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn any_number_of_items_is_sorted(
            count in prop_oneof![0usize..9_000, (1usize..5).prop_map(|runs| runs * STEP_ITEMS)],
            seed: u32,
        ) {
            let mixed = |at: usize| (at as u32).wrapping_mul(2_654_435_761).wrapping_add(seed) % 5_000;
            let items: Vec<u32> = (0..count).map(mixed).collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            prop_assert_eq!(sorted(items), expected);
        }
    }
}
