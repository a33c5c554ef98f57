//! `GET /api/admin/rejected/{register}/{seq}`: a rejected entry, readable, with what is wrong and what can be done.

use axum::extract::{Path, State};
use holdfast_protocol::checked_edit::CheckedEdit;
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};
use serde::Serialize;

use super::json::Json;
use super::store::the_store;
use crate::address::AddressParts;
use crate::app::App;
use crate::database::edit_conflict::value_text;
use crate::database::{
    MendRecord, RegisterKey, RejectedDetail, RejectedState, SaleLineDetail, SaleTenderDetail, kind_name,
};
use crate::error::{AdminError, ApiError};
use crate::upload::Content;
use crate::upload::mend::restated;

/// The entry.
#[derive(Serialize)]
pub struct Entry {
    register: u16,
    seq: u64,
    kind: String,
    created_at_ms: i64,
    /// `open`, `set_aside` or `applied`.
    state: &'static str,
    reason: Option<String>,
    objections: Vec<Objection>,
    /// What [`super::mend`] takes now, by name.
    actions: Vec<&'static str>,
    sale: Option<Sale>,
    shift: Option<Shift>,
    edit: Option<Edit>,
    mends: Vec<MendRecord>,
}

/// What is wrong with it today.
#[derive(Serialize)]
struct Objection {
    text: String,
    may_be_overruled: bool,
}

/// What it says, where it is a sale.
#[derive(Serialize)]
struct Sale {
    receipt: String,
    finished_at_ms: i64,
    cashier: String,
    cashier_id: String,
    customer: Option<String>,
    customer_id: Option<String>,
    external_ref: Option<String>,
    currency: String,
    total_minor: i64,
    rounding_minor: i64,
    change_minor: i64,
    lines: Vec<SaleLineDetail>,
    tenders: Vec<SaleTenderDetail>,
    /// How it would be taken, where it does not add up and can be stated anew.
    restated: Option<RestatedSums>,
}

/// The sums of a sale stated anew.
#[derive(Serialize)]
struct RestatedSums {
    total_minor: i64,
    rounding_minor: i64,
    difference_minor: i64,
}

/// What it says, where it is a shift.
#[derive(Serialize)]
struct Shift {
    number: u32,
    opened_at_ms: i64,
    opened_by: String,
    float_minor: i64,
    closed_at_ms: Option<i64>,
    counted_minor: Option<i64>,
}

/// What it says, where it is a change of a row.
#[derive(Serialize)]
struct Edit {
    /// The table's name.
    table: &'static str,
    key: String,
    /// Whether the register made the row.
    is_new: bool,
    edited_at_ms: i64,
    fields: Vec<EditedField>,
}

/// A field that it changes.
#[derive(Serialize)]
struct EditedField {
    /// The column's name.
    column: &'static str,
    /// What the register had seen; `None` where it had no value.
    before: Option<String>,
    after: String,
}

/// Gives an entry that is or was rejected.
pub async fn one(
    State(app): State<App>,
    address: AddressParts<(u16, u64)>,
) -> Result<Json<Entry>, AdminError> {
    let Path((register, seq)) = address?;
    let store = the_store(&app).await?;
    let key = RegisterKey { store_id: store.row.id, number: register };
    let detail = app.database().rejected_entry(&key, seq).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(readable(register, detail)))
}

fn readable(register: u16, detail: RejectedDetail) -> Entry {
    let actions = actions(&detail);
    let RejectedDetail { state, reason, read, objections, mends } = detail;
    let (sale, shift, edit) = match &read.content {
        Content::Sale { record, fault } => (Some(readable_sale(record, fault.is_some())), None, None),
        Content::Shift(record) => (None, Some(readable_shift(record)), None),
        Content::Edit(edit) => (None, None, Some(readable_edit(edit))),
        Content::Unusable(_) => (None, None, None),
    };
    let objection = |objection: &crate::upload::mend::Objection| Objection {
        text: objection.to_string(),
        may_be_overruled: objection.may_be_overruled(),
    };
    Entry {
        register,
        seq: read.entry.seq,
        kind: kind_name(read.entry.kind),
        created_at_ms: read.entry.created_at_ms,
        state: match state {
            RejectedState::Open => "open",
            RejectedState::SetAside => "set_aside",
            RejectedState::Applied => "applied",
        },
        reason,
        objections: objections.iter().map(objection).collect(),
        actions,
        sale,
        shift,
        edit,
        mends,
    }
}

fn actions(detail: &RejectedDetail) -> Vec<&'static str> {
    let overrulable = detail.objections.iter().all(crate::upload::mend::Objection::may_be_overruled);
    match detail.state {
        RejectedState::Open if detail.objections.is_empty() => vec!["apply", "set_aside"],
        RejectedState::Open if overrulable => vec!["apply_although", "set_aside"],
        RejectedState::Open => vec!["set_aside"],
        RejectedState::SetAside => vec!["take_back"],
        RejectedState::Applied => vec![],
    }
}

fn readable_sale(record: &SaleRecord, is_faulty: bool) -> Sale {
    let line = |line: &holdfast_protocol::sale::SaleLineRecord| SaleLineDetail {
        line_no: line.line_no,
        sku: line.sku.clone(),
        name: line.name.clone(),
        unit: line.unit.clone(),
        quantity_milli: line.quantity_milli,
        unit_price_minor: line.unit_price_minor,
        amount_minor: line.amount_minor,
        tax_code: line.tax_code.clone(),
        tax_rate_ppm: line.tax_rate_ppm,
    };
    let tender = |tender: &holdfast_protocol::sale::TenderRecord| SaleTenderDetail {
        code: tender.code.clone(),
        amount_minor: tender.amount_minor,
    };
    let restated = is_faulty.then(|| restated(record)).flatten();
    Sale {
        receipt: record.receipt().to_string(),
        finished_at_ms: record.finished_at_ms,
        cashier: record.cashier_name.clone(),
        cashier_id: record.cashier_id.clone(),
        customer_id: record.customer_id.clone(),
        customer: record.customer_name.clone().or_else(|| record.customer_id.clone()),
        external_ref: record.external_ref.clone(),
        currency: record.currency.clone(),
        total_minor: record.total_minor,
        rounding_minor: record.rounding_minor,
        change_minor: record.change_minor,
        lines: record.lines.iter().map(line).collect(),
        tenders: record.tenders.iter().map(tender).collect(),
        restated: restated.map(|(sale, difference_minor)| RestatedSums {
            total_minor: sale.total_minor,
            rounding_minor: sale.rounding_minor,
            difference_minor,
        }),
    }
}

fn readable_shift(record: &ShiftRecord) -> Shift {
    Shift {
        number: record.number,
        opened_at_ms: record.opened_at_ms,
        opened_by: record.opened_by.clone(),
        float_minor: record.float_minor,
        closed_at_ms: record.closed_at_ms,
        counted_minor: record.counted_minor,
    }
}

fn readable_edit(edit: &CheckedEdit) -> Edit {
    let field = |field: &holdfast_protocol::checked_edit::CheckedField| {
        let text = |bytes: &[u8]| value_text(edit.table, field.column.number, bytes);
        EditedField {
            column: field.column.name,
            before: field.before.as_deref().map(text),
            after: text(&field.after),
        }
    };
    Edit {
        table: edit.table.name(),
        key: edit.key.clone(),
        is_new: edit.base_version == 0 && edit.follows_seq.is_none(),
        edited_at_ms: edit.edited_at_ms,
        fields: edit.fields.iter().map(field).collect(),
    }
}
