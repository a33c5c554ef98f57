//! Files of baskets: one line of an invoice a row, with the columns of the shared `baskets` files.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use holdfast_domain::money::parse_decimal;
use holdfast_domain::{BasketLine, Currency, ItemToSell, Money, Quantity, Unit};

use crate::refusal::{Reason, RefusedLine};

/// Columns that a file must have.
const COLUMNS: [&str; 8] =
    ["invoice_no", "line_no", "invoiced_at", "customer_id", "sku", "description", "quantity", "unit_price"];
/// A name may not be longer, characters.
const NAME_CHARS_MAX: usize = 200;

/// A file that can't be replayed at all.
#[derive(Debug, thiserror::Error)]
pub enum BasketsError {
    /// It can't be opened or read.
    #[error("{path} can't be read: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: csv::Error,
    },
    /// It is not a file of baskets.
    #[error("{path} has no column “{column}”: it is not a file of baskets")]
    ColumnMissing {
        /// Which file.
        path: PathBuf,
        /// Which column.
        column: &'static str,
    },
}

/// An invoice and those of its lines that a sale can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Number.
    pub invoice_no: String,
    /// Time of its first line as if it were UTC, ms since 1970; `None` where it can't be read.
    pub invoiced_at_ms: Option<i64>,
    /// Customer; empty for none.
    pub customer_id: String,
    /// Lines in the file's order.
    pub lines: Vec<InvoiceLine>,
}

/// A line that a sale can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// As in the file.
    pub line_no: String,
    /// Product.
    pub sku: String,
    /// Product's name, trimmed; may be empty.
    pub description: String,
    /// How much; negative is a return.
    pub quantity: Quantity,
    /// Price of one, tax included.
    pub unit_price: Money,
}

/// A file as it was read: every line is either in an invoice or refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baskets {
    /// In the order of their first line; without lines where all were refused.
    pub invoices: Vec<Invoice>,
    /// Rows of the file.
    pub lines_count: u64,
    /// Lines that a sale can't hold.
    pub refused: Vec<RefusedLine>,
}

/// Reads a file of baskets, packed with gzip or not.
///
/// # Errors
/// [`BasketsError`] when it can't be read or is not such a file.
pub fn read(path: &Path, currency: Currency) -> Result<Baskets, BasketsError> {
    let unreadable = |source: csv::Error| BasketsError::Unreadable { path: path.to_owned(), source };
    let file = open(path).map_err(|error| unreadable(error.into()))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let headers = reader.byte_headers().map_err(unreadable)?.clone();
    let columns = Columns::find(&headers)
        .map_err(|column| BasketsError::ColumnMissing { path: path.to_owned(), column })?;
    let mut reading = Reading { currency, columns, baskets: Baskets::default(), places: HashMap::new() };
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        reading.take(&record);
    }
    Ok(reading.baskets)
}

/// Opens a file; the bytes tell whether it is packed, whatever its name says.
fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let mut magic = [0; 2];
    let is_gzip = match File::open(path)?.read_exact(&mut magic) {
        Ok(()) => magic == [0x1f, 0x8b],
        Err(_) => false,
    };
    let file = BufReader::new(File::open(path)?);
    Ok(if is_gzip { Box::new(flate2::bufread::MultiGzDecoder::new(file)) } else { Box::new(file) })
}

/// Where each of [`COLUMNS`] stands.
struct Columns([usize; COLUMNS.len()]);

impl Columns {
    fn find(headers: &ByteRecord) -> Result<Columns, &'static str> {
        let mut places = [0; COLUMNS.len()];
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            let named = |header: &[u8]| header.trim_ascii() == column.as_bytes();
            // Some programs begin a file with a byte order mark.
            let is_it = |header: &[u8]| named(header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header));
            *place = headers.iter().position(is_it).ok_or(column)?;
        }
        Ok(Columns(places))
    }

    /// The fields in the order of [`COLUMNS`]; `None` where one is missing or not UTF-8.
    fn fields<'r>(&self, record: &'r ByteRecord) -> Option<[&'r str; COLUMNS.len()]> {
        let mut fields = [""; COLUMNS.len()];
        for (field, place) in fields.iter_mut().zip(self.0) {
            *field = std::str::from_utf8(record.get(place)?).ok()?;
        }
        Some(fields)
    }

    fn lossy(&self, record: &ByteRecord, column: usize) -> String {
        String::from_utf8_lossy(record.get(self.0[column]).unwrap_or_default()).into_owned()
    }
}

struct Reading {
    currency: Currency,
    columns: Columns,
    baskets: Baskets,
    /// Place of each invoice: one is not contiguous in the real file.
    places: HashMap<String, usize>,
}

impl Reading {
    fn take(&mut self, record: &ByteRecord) {
        self.baskets.lines_count += 1;
        let refused = match self.columns.fields(record) {
            Some(fields) => self.take_fields(fields),
            None => Err(Reason::LineNotReadable),
        };
        if let Err(reason) = refused {
            let (invoice_no, line_no) = (self.columns.lossy(record, 0), self.columns.lossy(record, 1));
            self.baskets.refused.push(RefusedLine { invoice_no, line_no, reason });
        }
    }

    fn take_fields(&mut self, fields: [&str; COLUMNS.len()]) -> Result<(), Reason> {
        let [invoice_no, line_no, invoiced_at, customer_id, sku, description, quantity, unit_price] = fields;
        if invoice_no.trim().is_empty() {
            return Err(Reason::InvoiceNoMissing);
        }
        let place = *self.places.entry(invoice_no.to_owned()).or_insert_with(|| {
            self.baskets.invoices.push(Invoice {
                invoice_no: invoice_no.to_owned(),
                invoiced_at_ms: read_time_ms(invoiced_at),
                customer_id: customer_id.trim().to_owned(),
                lines: Vec::new(),
            });
            self.baskets.invoices.len() - 1
        });
        if sku.trim().is_empty() {
            return Err(Reason::SkuMissing);
        }
        let line = InvoiceLine {
            line_no: line_no.to_owned(),
            sku: sku.to_owned(),
            description: description.trim().chars().take(NAME_CHARS_MAX).collect(),
            quantity: Quantity::parse(quantity).map_err(|error| Reason::of_quantity(&error))?,
            unit_price: parse_decimal(unit_price, self.currency).map_err(|error| Reason::of_price(&error))?,
        };
        line.check()?;
        self.baskets.invoices[place].lines.push(line);
        Ok(())
    }
}

impl InvoiceLine {
    fn check(&self) -> Result<(), Reason> {
        let item = ItemToSell {
            sku: String::new(),
            name: String::new(),
            unit: Unit::Each,
            unit_price: self.unit_price,
            tax_code: String::new(),
            tax_rate_ppm: 0,
        };
        let line = BasketLine { item, quantity: self.quantity };
        line.check().map(drop).map_err(Reason::of_basket)
    }
}

/// Reads `2010-12-01T08:26:00` as if it were UTC.
fn read_time_ms(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' '])?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut time = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let in_range = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    in_range.then_some(seconds * 1_000)
}

// Years counted from March, so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const HEADER: &str =
        "invoice_no,line_no,invoiced_at,customer_id,country,sku,description,quantity,unit_price\r\n";

    fn read_bytes(bytes: &[u8]) -> Result<Baskets, BasketsError> {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(bytes).expect("written");
        read(file.path(), Currency::GBP)
    }

    fn read_lines(lines: &str) -> Baskets {
        read_bytes(format!("{HEADER}{lines}").as_bytes()).expect("a file of baskets")
    }

    #[test]
    fn lines_of_an_invoice_come_together_even_when_they_are_apart() {
        let baskets = read_lines(
            "1,1,2010-12-01T08:26:00,17850,UK,A,\" A, \"\"mug\"\" \",6,2.55\r\n\
             2,1,2010-12-01T08:27:00,,UK,A,,-1,2.55\r\n\
             1,2,2010-12-01T08:28:00,17850,UK,B,B,1,3.50\r\n",
        );
        let lines: Vec<usize> = baskets.invoices.iter().map(|invoice| invoice.lines.len()).collect();
        assert_eq!((lines, baskets.lines_count, baskets.refused.len()), (vec![2, 1], 3, 0));
        assert_eq!(baskets.invoices[0].invoiced_at_ms, Some(1_291_191_960_000));
        assert_eq!(baskets.invoices[0].lines[0].description, "A, \"mug\"");
        assert_eq!(baskets.invoices[1].lines[0].quantity, Quantity::units(-1));
    }

    #[test]
    fn what_a_sale_can_t_hold_is_refused_with_its_reason() {
        let refused = |quantity: &str, price: &str| {
            let baskets = read_lines(&format!("7,3,2010-12-01T08:26:00,,UK,A,A,{quantity},{price}\n"));
            assert_eq!((baskets.lines_count, baskets.invoices.len()), (1, 1));
            let expected = |reason| vec![RefusedLine { invoice_no: "7".into(), line_no: "3".into(), reason }];
            let reason = baskets.refused[0].reason;
            assert_eq!(baskets.refused, expected(reason));
            reason
        };
        assert_eq!(refused("0", "1.00"), Reason::QuantityZero);
        assert_eq!(refused("1.5", "1.00"), Reason::QuantityNotWhole);
        assert_eq!(refused("1.0005", "1.00"), Reason::QuantityTooManyDecimals);
        assert_eq!(refused("six", "1.00"), Reason::QuantityNotANumber);
        assert_eq!(refused("1000001", "1.00"), Reason::QuantityTooLarge);
        assert_eq!(refused("1", "0.001"), Reason::PriceTooManyDecimals);
        assert_eq!(refused("1", "-11062.06"), Reason::PriceNegative);
        assert_eq!(refused("1", ""), Reason::PriceNotANumber);
        assert_eq!(refused("1", "99999999999999999999"), Reason::PriceTooLarge);
        assert_eq!(refused("1000", "9999999999999999.00"), Reason::AmountTooLarge);
    }

    #[test]
    fn lines_that_are_no_lines_are_counted_and_refused() {
        let mut bytes = HEADER.as_bytes().to_vec();
        bytes.extend_from_slice(b"5,1\n,1,x,,UK,A,A,1,1.00\n6,1,x,,UK,\xff,A,1,1.00\n8,1,x,,UK,,A,1,1.00\n");
        let baskets = read_bytes(&bytes).expect("a file of baskets");
        let reasons: Vec<Reason> = baskets.refused.iter().map(|line| line.reason).collect();
        let expected =
            [Reason::LineNotReadable, Reason::InvoiceNoMissing, Reason::LineNotReadable, Reason::SkuMissing];
        assert_eq!((reasons.as_slice(), baskets.lines_count), (expected.as_slice(), 4));
    }

    #[test]
    fn a_packed_file_is_read_whatever_its_name() {
        let plain = format!("\u{feff}{HEADER}1,1,2010-12-01T08:26:00,,UK,A,A,1,1.00\n");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(plain.as_bytes()).expect("packed");
        let packed = packed.finish().expect("packed");
        let read = read_bytes(&packed).expect("a file of baskets");
        assert_eq!(read, read_bytes(plain.as_bytes()).expect("a file of baskets"));
        assert_eq!(read.invoices.len(), 1);
    }

    #[test]
    fn what_is_no_file_of_baskets_is_an_error() {
        for bytes in [b"".as_slice(), b"<html>", b"sku,name\n1,2\n", b"\x1f\x8bnot really"] {
            assert!(read_bytes(bytes).is_err(), "{bytes:?}");
        }
        assert!(read(Path::new("no-such-file.csv"), Currency::GBP).is_err());
    }

    #[test]
    fn times_are_read_to_the_second_or_not_at_all() {
        assert_eq!(read_time_ms("1970-01-01T00:00:00"), Some(0));
        assert_eq!(read_time_ms("2000-02-29T23:59:59"), Some(951_868_799_000));
        for text in ["", "2010-12-01", "2010-13-01T00:00:00", "2010-12-01T24:00:00", "x-y-zTa:b:c"] {
            assert_eq!(read_time_ms(text), None, "{text}");
        }
    }
}
