//! A receipt as rows, from which screen, print and text are made.

use crate::money::{Money, format_amount};
use crate::quantity::Unit;
use crate::sale::{Sale, SaleLine};
use crate::tax::{TaxMode, TaxTotal};
use crate::tender::{Tender, TenderKind};

/// What stands at the top and the bottom of each receipt of a store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReceiptHead {
    /// Name of the store.
    pub store_name: String,
    /// Its address.
    pub address: Vec<String>,
    /// Its tax number; empty for none.
    pub tax_number: String,
    /// Last line; empty for none.
    pub footer: String,
}

/// The words on a receipt, in the customer's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptWords {
    /// "Receipt".
    pub receipt: String,
    /// "Date".
    pub date: String,
    /// "Served by".
    pub cashier: String,
    /// "Customer".
    pub customer: String,
    /// "VAT no.".
    pub tax_number: String,
    /// "Subtotal": the goods before tax is added.
    pub subtotal: String,
    /// "Total".
    pub total: String,
    /// "Rounding".
    pub rounding: String,
    /// "Cash".
    pub cash: String,
    /// "Card".
    pub card: String,
    /// "Paid out in cash".
    pub cash_paid_out: String,
    /// "Paid out to card".
    pub card_paid_out: String,
    /// "Change".
    pub change: String,
    /// "VAT", before a rate.
    pub tax: String,
    /// "on", between a rate and the amount it was taken of.
    pub tax_on: String,
    /// "Your reference", before the number of another system.
    pub reference: String,
}

/// A row of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptRow {
    /// Large, in the middle.
    Title(String),
    /// In the middle.
    Centred(String),
    /// Something and its amount.
    Pair {
        /// At the left edge.
        left: String,
        /// At the right edge.
        right: String,
    },
    /// The same, emphasised.
    Strong {
        /// At the left edge.
        left: String,
        /// At the right edge.
        right: String,
    },
    /// A line across.
    Rule,
    /// Nothing.
    Blank,
}

/// The receipt of a sale: the same rows at the sale and at each reprint.
pub fn receipt(sale: &Sale, head: &ReceiptHead, words: &ReceiptWords) -> Vec<ReceiptRow> {
    let mut rows = head_rows(head, words);
    rows.extend([ReceiptRow::Blank, pair(&words.receipt, sale.receipt.to_string())]);
    rows.push(pair(&words.date, local_time(sale.finished_at_ms, sale.utc_offset_min)));
    rows.push(pair(&words.cashier, sale.cashier_name.clone()));
    if let Some(customer) = &sale.customer {
        rows.push(pair(&words.customer, customer.name.clone()));
    }
    if let Some(reference) = &sale.external_ref {
        rows.push(pair(&words.reference, reference.clone()));
    }
    rows.push(ReceiptRow::Rule);
    for line in &sale.lines {
        line_rows(&mut rows, line, sale);
    }
    rows.push(ReceiptRow::Rule);
    total_rows(&mut rows, sale, words);
    if !head.footer.is_empty() {
        rows.extend([ReceiptRow::Blank, ReceiptRow::Centred(head.footer.clone())]);
    }
    rows
}

fn head_rows(head: &ReceiptHead, words: &ReceiptWords) -> Vec<ReceiptRow> {
    let mut rows = vec![ReceiptRow::Title(head.store_name.clone())];
    rows.extend(head.address.iter().cloned().map(ReceiptRow::Centred));
    if !head.tax_number.is_empty() {
        rows.push(ReceiptRow::Centred(format!("{} {}", words.tax_number, head.tax_number)));
    }
    rows
}

fn line_rows(rows: &mut Vec<ReceiptRow>, line: &SaleLine, sale: &Sale) {
    let name = if line.item.name.trim().is_empty() { &line.item.sku } else { &line.item.name };
    rows.push(pair(name.trim(), format_amount(line.amount, sale.currency)));
    let price = format_amount(line.item.unit_price, sale.currency);
    let how = match (line.item.unit, line.quantity.milli()) {
        (Unit::Each, 1_000) => return,
        (Unit::Each, _) => format!("  {} × {price}", line.quantity),
        (unit @ (Unit::Kilogram | Unit::Litre | Unit::Metre), _) => {
            format!("  {} {unit} × {price}/{unit}", line.quantity, unit = unit.code())
        }
    };
    rows.push(pair(&how, String::new()));
}

fn total_rows(rows: &mut Vec<ReceiptRow>, sale: &Sale, words: &ReceiptWords) {
    let amount = |amount: Money| format_amount(amount, sale.currency);
    let taxes = sale.tax.iter().map(|tax| pair(&tax_label(tax, sale, words), amount(tax.tax)));
    let total =
        ReceiptRow::Strong { left: format!("{} {}", words.total, sale.currency), right: amount(sale.total) };
    match sale.tax_mode {
        TaxMode::Inclusive => rows.push(total),
        TaxMode::Exclusive => {
            let goods: Money = sale.lines.iter().map(|line| line.amount).sum();
            rows.push(pair(&words.subtotal, amount(goods)));
            rows.extend(taxes.clone());
            rows.push(total);
        }
    }
    if sale.rounding != Money::ZERO {
        rows.push(pair(&words.rounding, amount(sale.rounding)));
    }
    rows.extend(sale.tenders.iter().map(|tender| {
        let given = if tender.amount.is_negative() { tender.amount.negated() } else { tender.amount };
        pair(tender_word(tender, words), amount(given))
    }));
    if sale.change != Money::ZERO {
        rows.push(pair(&words.change, amount(sale.change)));
    }
    if sale.tax_mode == TaxMode::Inclusive && !sale.tax.is_empty() {
        rows.push(ReceiptRow::Blank);
        rows.extend(taxes);
    }
}

fn tax_label(tax: &TaxTotal, sale: &Sale, words: &ReceiptWords) -> String {
    let net = format_amount(tax.net, sale.currency);
    format!("{} {} {} {net}", words.tax, percent(tax.rate_ppm), words.tax_on)
}

fn tender_word<'a>(tender: &Tender, words: &'a ReceiptWords) -> &'a str {
    match (tender.kind, tender.amount.is_negative()) {
        (TenderKind::Cash, false) => &words.cash,
        (TenderKind::Cash, true) => &words.cash_paid_out,
        (TenderKind::Card, false) => &words.card,
        (TenderKind::Card, true) => &words.card_paid_out,
    }
}

fn pair(left: &str, right: String) -> ReceiptRow {
    ReceiptRow::Pair { left: left.to_owned(), right }
}

/// `20%`, `5.5%`: as many decimals as the rate has.
pub fn percent(rate_ppm: u32) -> String {
    let (whole, rest) = (rate_ppm / 10_000, rate_ppm % 10_000);
    if rest == 0 {
        return format!("{whole}%");
    }
    format!("{whole}.{}%", format!("{rest:04}").trim_end_matches('0'))
}

/// `2026-11-24 14:03`: the register's wall clock, the same in every language.
pub fn local_time(at_ms: i64, utc_offset_min: i16) -> String {
    let minutes = at_ms.div_euclid(60_000).saturating_add(i64::from(utc_offset_min));
    let (days, minute) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
    let (year, month, day) = civil_date(days);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", minute / 60, minute % 60)
}

// Days since 1970-01-01 as a Gregorian date: years counted from March, so that the leap day comes last.
fn civil_date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// The receipt as text, `width` characters wide: for a printer that knows no more than that.
pub fn to_text(rows: &[ReceiptRow], width: usize) -> String {
    let width = width.max(16);
    let mut text = String::new();
    for row in rows {
        for line in row_lines(row, width) {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

fn row_lines(row: &ReceiptRow, width: usize) -> Vec<String> {
    match row {
        ReceiptRow::Title(words) | ReceiptRow::Centred(words) => wrap(words, width)
            .into_iter()
            .map(|line| format!("{}{line}", " ".repeat((width - line.chars().count()) / 2)))
            .collect(),
        ReceiptRow::Pair { left, right } | ReceiptRow::Strong { left, right } => {
            pair_lines(left, right, width)
        }
        ReceiptRow::Rule => vec!["-".repeat(width)],
        ReceiptRow::Blank => vec![String::new()],
    }
}

// The left part wraps; the right part ends the last line, or has one of its own where there is no room.
fn pair_lines(left: &str, right: &str, width: usize) -> Vec<String> {
    let right_width = right.chars().count();
    let indent = left.len() - left.trim_start().len();
    let room = width.saturating_sub(right_width + 1 + indent).max(width / 2 - indent.min(4));
    let mut lines: Vec<String> =
        wrap(left, room).into_iter().map(|line| format!("{}{line}", " ".repeat(indent))).collect();
    let last_width = lines.last().map_or(0, |line| line.chars().count());
    if last_width + 1 + right_width <= width {
        let gap = " ".repeat(width - last_width - right_width);
        if let Some(last) = lines.last_mut() {
            last.push_str(&gap);
            last.push_str(right);
        }
    } else {
        for part in wrap(right, width) {
            lines.push(format!("{}{part}", " ".repeat(width - part.chars().count())));
        }
    }
    lines
}

// Breaks at blanks, and inside a word only where the word alone is too wide. At least one line.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        while word.chars().count() > width {
            let rest = word.chars().skip(width).collect();
            lines.push(word.chars().take(width).collect());
            word = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}
