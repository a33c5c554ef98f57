//! What a replay came to, and whether that is right.

use std::collections::BTreeMap;

use holdfast_domain::money::to_decimal_string;
use holdfast_domain::{Currency, Money};
use serde::Serialize;

use crate::admin_api::{RegisterAudit, RejectedEntry};
use crate::random_administrator::Deeds;
use crate::refusal::RefusedLine;

/// The object that `--json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Invoices of the file.
    pub invoices: u64,
    /// Lines of the file.
    pub lines: u64,
    /// Lines of sales that the registers made.
    pub accepted_lines: u64,
    /// Lines that no sale holds, by reason.
    pub refused: BTreeMap<&'static str, u64>,
    /// Sum of the registers' sales.
    pub till_total: String,
    /// Sum of the lines that the store server has of these registers.
    pub server_total: String,
    /// Receipt numbers, sales or invoices that the store server has twice.
    pub duplicates: u64,
    /// Receipt numbers that it lacks.
    pub receipt_gaps: u64,
    /// What was changed meanwhile, where profiles were.
    #[serde(flatten)]
    pub changed: Option<ChangesSummary>,
    /// How long it took.
    pub seconds: f64,
}

/// What was changed while registers sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChangesSummary {
    /// What an administrator did.
    #[serde(flatten)]
    pub deeds: Deeds,
    /// Customers that were changed or added at registers.
    pub register_edits: u64,
    /// Whether each register equals one that was provisioned afresh at the end.
    pub equal_to_fresh: bool,
}

/// What changing profiles came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedProfiles {
    /// What was done.
    pub deeds: Deeds,
    /// Customers that were changed or added at registers.
    pub register_edits: u64,
    /// What the registers have that fresh ones have not, and the other way round; nothing when they are equal.
    pub differences: Vec<String>,
}

impl ChangedProfiles {
    fn summary(&self) -> ChangesSummary {
        ChangesSummary {
            deeds: self.deeds,
            register_edits: self.register_edits,
            equal_to_fresh: self.differences.is_empty(),
        }
    }
}

/// What one register has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterTally {
    /// Its number.
    pub number: u16,
    /// Sales it made.
    pub sales: u64,
    /// Their lines.
    pub lines: u64,
    /// Their total.
    pub total: Money,
    /// Highest receipt counter it gave.
    pub last_counter: u32,
    /// Entries that still wait.
    pub waiting: u64,
}

/// What both sides say after a replay.
#[derive(Debug, Clone)]
pub struct Findings<'a> {
    /// Invoices of the file.
    pub invoices: u64,
    /// Lines of the file.
    pub lines: u64,
    /// Lines that no sale holds.
    pub refused: &'a [RefusedLine],
    /// The registers.
    pub registers: &'a [RegisterTally],
    /// The store server's count of all registers.
    pub audit: &'a [RegisterAudit],
    /// Entries that it did not apply.
    pub rejected: &'a [RejectedEntry],
    /// What changing the profile came to, where it was changed.
    pub changed: Option<&'a ChangedProfiles>,
    /// Currency of the amounts.
    pub currency: Currency,
    /// How long it took.
    pub seconds: f64,
}

impl Findings<'_> {
    /// The object to print.
    pub fn summary(&self) -> Summary {
        let mut refused: BTreeMap<&'static str, u64> = BTreeMap::new();
        for line in self.refused {
            *refused.entry(line.reason.code()).or_default() += 1;
        }
        let decimal = |minor: i128| {
            let amount = i64::try_from(minor).unwrap_or(if minor < 0 { i64::MIN } else { i64::MAX });
            to_decimal_string(Money::from_minor(amount), self.currency)
        };
        Summary {
            invoices: self.invoices,
            lines: self.lines,
            accepted_lines: self.registers.iter().map(|register| register.lines).sum(),
            refused,
            till_total: decimal(self.till_total()),
            server_total: decimal(self.server_total()),
            duplicates: self.audited().map(|audit| audit.duplicates + audit.external_ref_repeats).sum(),
            receipt_gaps: self.receipt_gaps(),
            changed: self.changed.map(ChangedProfiles::summary),
            seconds: (self.seconds * 1_000.0).round() / 1_000.0,
        }
    }

    /// All that is wrong; nothing when both sides agree.
    pub fn failures(&self) -> Vec<String> {
        let summary = self.summary();
        let mut failures = Vec::new();
        let mut check = |is_right: bool, text: String| {
            if !is_right {
                failures.push(text);
            }
        };
        let refused: u64 = summary.refused.values().sum();
        check(
            summary.accepted_lines + refused == self.lines,
            format!(
                "{} lines accepted and {refused} refused are not all {}",
                summary.accepted_lines, self.lines
            ),
        );
        check(
            self.till_total() == self.server_total(),
            format!(
                "the registers sold {}, the store server has {}",
                summary.till_total, summary.server_total
            ),
        );
        check(summary.duplicates == 0, format!("{} duplicates", summary.duplicates));
        check(summary.receipt_gaps == 0, format!("{} receipt numbers are missing", summary.receipt_gaps));
        for register in self.registers {
            let audit = self.audit.iter().find(|audit| audit.number == register.number);
            let there = audit.map_or((0, 0), |audit| (audit.receipts_count, audit.lines_count));
            let here = (register.sales, register.lines);
            check(
                there == here,
                format!("register {}: sales and lines {here:?} here, {there:?} there", register.number),
            );
            check(
                register.waiting == 0,
                format!("register {}: {} entries still wait", register.number, register.waiting),
            );
        }
        for difference in self.changed.iter().flat_map(|changed| &changed.differences) {
            check(false, difference.clone());
        }
        for entry in self.rejected.iter().filter(|entry| self.is_ours(entry.register)) {
            check(
                false,
                format!("register {}: entry {} rejected: {}", entry.register, entry.seq, entry.reason),
            );
        }
        failures
    }

    fn is_ours(&self, number: u16) -> bool {
        self.registers.iter().any(|register| register.number == number)
    }

    fn audited(&self) -> impl Iterator<Item = &RegisterAudit> {
        self.audit.iter().filter(|audit| self.is_ours(audit.number))
    }

    fn till_total(&self) -> i128 {
        self.registers.iter().map(|register| i128::from(register.total.minor())).sum()
    }

    fn server_total(&self) -> i128 {
        self.audited().map(|audit| i128::from(audit.total_minor)).sum()
    }

    /// Numbers from 1 to the last one given that the store server has not, and that are not there twice.
    fn receipt_gaps(&self) -> u64 {
        let missing = |register: &RegisterTally| {
            let audit = self.audit.iter().find(|audit| audit.number == register.number);
            let distinct = audit.map_or(0, |audit| audit.receipts_count.saturating_sub(audit.duplicates));
            let last = audit.and_then(|audit| audit.receipt_max).unwrap_or(0).max(register.last_counter);
            u64::from(last).saturating_sub(distinct)
        };
        self.registers.iter().map(missing).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Reason;

    fn check(change: impl FnOnce(&mut RegisterTally, &mut RegisterAudit, &mut u64), expected: &[&str]) {
        let mut register = RegisterTally {
            number: 3,
            sales: 2,
            lines: 5,
            total: Money::from_minor(1_234),
            last_counter: 2,
            waiting: 0,
        };
        let mut audit = RegisterAudit {
            number: 3,
            receipts_count: 2,
            receipt_min: Some(1),
            receipt_max: Some(2),
            duplicates: 0,
            external_ref_repeats: 0,
            lines_count: 5,
            total_minor: 1_234,
            rejected_count: 0,
        };
        let mut lines = 6;
        change(&mut register, &mut audit, &mut lines);
        let other = RegisterAudit { number: 1, total_minor: 99, ..audit.clone() };
        let refused =
            [RefusedLine { invoice_no: "1".into(), line_no: "1".into(), reason: Reason::QuantityZero }];
        let findings = Findings {
            invoices: 2,
            lines,
            refused: &refused,
            registers: &[register],
            audit: &[other, audit],
            rejected: &[],
            changed: None,
            currency: Currency::GBP,
            seconds: 1.0,
        };
        let failures = findings.failures();
        assert_eq!(failures.len(), expected.len(), "{failures:?}");
        for (failure, part) in failures.iter().zip(expected) {
            assert!(failure.contains(part), "{failure} does not say {part}");
        }
    }

    #[test]
    fn what_agrees_is_right() {
        check(|_, _, _| {}, &[]);
    }

    #[test]
    fn whatever_disagrees_is_named() {
        check(|_, _, lines| *lines = 7, &["are not all 7"]);
        check(|_, audit, _| audit.total_minor += 1, &["sold 12.34, the store server has 12.35"]);
        check(|_, audit, _| audit.external_ref_repeats = 1, &["1 duplicates"]);
        check(|register, _, _| register.waiting = 1, &["1 entries still wait"]);
        check(|_, audit, _| audit.lines_count = 4, &["(2, 4) there"]);
        check(|_, audit, _| audit.receipts_count = 1, &["1 receipt numbers are missing", "(1, 5) there"]);
        check(|_, audit, _| audit.receipt_max = Some(4), &["2 receipt numbers are missing"]);
    }
}
