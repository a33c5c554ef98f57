//! How the newest page of sales joins the list that is on the screen.

use crate::api::{Sale, SaleList};

/// What a fresh first page means for a list.
#[derive(Debug, PartialEq, Eq)]
pub enum Merge {
    /// Nothing arrived.
    Same,
    /// These arrived, newest first.
    Arrived(Vec<Sale>),
    /// So many arrived that the page does not reach the list: it begins anew.
    Anew(SaleList),
}

/// Compares a fresh first page with a list whose newest sale is `newest_seq`.
pub fn merge(newest_seq: Option<u64>, page: SaleList) -> Merge {
    let Some(newest_seq) = newest_seq else {
        return if page.sales.is_empty() { Merge::Same } else { Merge::Anew(page) };
    };
    let reaches = !page.more || page.sales.iter().any(|sale| sale.seq <= newest_seq);
    if !reaches {
        return Merge::Anew(page);
    }
    let arrived: Vec<Sale> = page.sales.into_iter().filter(|sale| sale.seq > newest_seq).collect();
    if arrived.is_empty() { Merge::Same } else { Merge::Arrived(arrived) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(seq: u64) -> Sale {
        Sale {
            seq,
            register: 1,
            receipt: String::new(),
            counter: 1,
            finished_at_ms: 0,
            received_at_ms: 0,
            cashier: String::new(),
            customer: None,
            lines: 1,
            total_minor: 1,
            currency: "GBP".to_owned(),
        }
    }

    fn page(seqs: &[u64], more: bool) -> SaleList {
        SaleList { sales: seqs.iter().copied().map(sale).collect(), more }
    }

    #[test]
    fn only_what_is_newer_than_the_list_arrived() {
        assert_eq!(merge(Some(5), page(&[7, 6, 5], true)), Merge::Arrived(vec![sale(7), sale(6)]));
        assert_eq!(merge(Some(7), page(&[7, 6, 5], true)), Merge::Same);
        assert_eq!(merge(Some(0), page(&[2, 1], false)), Merge::Arrived(vec![sale(2), sale(1)]));
    }

    #[test]
    fn a_page_that_does_not_reach_the_list_begins_it_anew() {
        assert_eq!(merge(Some(2), page(&[9, 8, 7], true)), Merge::Anew(page(&[9, 8, 7], true)));
        assert_eq!(merge(None, page(&[1], false)), Merge::Anew(page(&[1], false)));
    }

    #[test]
    fn an_empty_store_stays_empty() {
        assert_eq!(merge(None, page(&[], false)), Merge::Same);
    }
}
