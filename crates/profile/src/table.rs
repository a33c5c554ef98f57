//! The tables that a scope may name, and which directions and references each allows.

use crate::Direction;

/// A table of the store database that a register may keep.
///
/// The numbers are on the wire and in every register's offline database: they are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum TableId {
    /// The store the register stands in: name, address, tax number, currency.
    Store = 1,
    /// The registers of the store.
    Register = 2,
    /// Printers, drawers and scanners of a register.
    Hardware = 3,
    /// Cashiers and managers with their PIN verifiers.
    Staff = 4,
    /// Tax codes and rates.
    TaxRate = 5,
    /// Currencies the store takes.
    Currency = 6,
    /// Means of payment.
    TenderType = 7,
    /// Product categories.
    Category = 8,
    /// Products.
    Product = 9,
    /// Barcodes and the product each stands for.
    Barcode = 10,
    /// Prices.
    Price = 11,
    /// Promotions.
    Discount = 12,
    /// Customers.
    Customer = 13,
    /// Finished sales, with lines and tenders.
    Sale = 14,
    /// Shifts of a register.
    Shift = 15,
    /// Sales put aside to be recalled, here or at another register.
    SuspendedSale = 16,
}

impl TableId {
    /// Every table, in the order of its number.
    pub const ALL: [TableId; 16] = [
        TableId::Store,
        TableId::Register,
        TableId::Hardware,
        TableId::Staff,
        TableId::TaxRate,
        TableId::Currency,
        TableId::TenderType,
        TableId::Category,
        TableId::Product,
        TableId::Barcode,
        TableId::Price,
        TableId::Discount,
        TableId::Customer,
        TableId::Sale,
        TableId::Shift,
        TableId::SuspendedSale,
    ];

    /// The table's number on the wire.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The table with this number, if there is one.
    pub fn from_number(number: u8) -> Option<TableId> {
        TableId::ALL.into_iter().find(|table| table.number() == number)
    }

    /// The name used in URLs, files and logs, such as `tax_rate`.
    pub fn name(self) -> &'static str {
        match self {
            TableId::Store => "store",
            TableId::Register => "register",
            TableId::Hardware => "hardware",
            TableId::Staff => "staff",
            TableId::TaxRate => "tax_rate",
            TableId::Currency => "currency",
            TableId::TenderType => "tender_type",
            TableId::Category => "category",
            TableId::Product => "product",
            TableId::Barcode => "barcode",
            TableId::Price => "price",
            TableId::Discount => "discount",
            TableId::Customer => "customer",
            TableId::Sale => "sale",
            TableId::Shift => "shift",
            TableId::SuspendedSale => "suspended_sale",
        }
    }

    /// The table with this name, if there is one.
    pub fn from_name(name: &str) -> Option<TableId> {
        TableId::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Whether the table may stand in a scope of this direction.
    ///
    /// Master data is only downloaded, what a register produces is only uploaded; customers and
    /// suspended sales may go both ways (DESIGN section 3).
    pub fn allows(self, direction: Direction) -> bool {
        match self {
            TableId::Store
            | TableId::Register
            | TableId::Hardware
            | TableId::Staff
            | TableId::TaxRate
            | TableId::Currency
            | TableId::TenderType
            | TableId::Category
            | TableId::Product
            | TableId::Barcode
            | TableId::Price
            | TableId::Discount => direction == Direction::Download,
            TableId::Sale | TableId::Shift => direction == Direction::Upload,
            TableId::Customer | TableId::SuspendedSale => {
                matches!(direction, Direction::Download | Direction::Bidirectional)
            }
        }
    }

    /// Whether no store server gives rows of it yet, so that keeping it changes nothing.
    pub fn holds_nothing_yet(self) -> bool {
        self != TableId::Sale && self != TableId::Shift && self.columns().is_empty()
    }

    /// The table whose kept rows decide which of this table's rows a register keeps: a price without its
    /// product is of no use.
    pub fn follows(self) -> Option<TableId> {
        match self {
            TableId::Barcode | TableId::Price | TableId::Discount => Some(TableId::Product),
            TableId::Store
            | TableId::Register
            | TableId::Hardware
            | TableId::Staff
            | TableId::TaxRate
            | TableId::Currency
            | TableId::TenderType
            | TableId::Category
            | TableId::Product
            | TableId::Customer
            | TableId::Sale
            | TableId::Shift
            | TableId::SuspendedSale => None,
        }
    }

    /// Whether a register may keep only some of its rows. A till needs every row of the first few tables, and
    /// what a register produces goes up whole.
    pub fn may_be_filtered(self) -> bool {
        match self {
            TableId::Hardware
            | TableId::Staff
            | TableId::TaxRate
            | TableId::TenderType
            | TableId::Category
            | TableId::Product
            | TableId::Barcode
            | TableId::Price
            | TableId::Discount
            | TableId::Customer => !self.columns().is_empty(),
            TableId::Store
            | TableId::Register
            | TableId::Currency
            | TableId::Sale
            | TableId::Shift
            | TableId::SuspendedSale => false,
        }
    }

    /// Tables whose rows this table's rows refer to; they must not come later in a profile.
    pub fn refers_to(self) -> &'static [TableId] {
        match self {
            TableId::Store
            | TableId::Staff
            | TableId::TaxRate
            | TableId::Currency
            | TableId::Customer
            | TableId::Category => &[],
            TableId::Register => &[TableId::Store],
            TableId::Hardware => &[TableId::Register],
            TableId::TenderType => &[TableId::Currency],
            TableId::Product => &[TableId::Category, TableId::TaxRate],
            TableId::Barcode | TableId::Price | TableId::Discount => &[TableId::Product],
            TableId::Sale | TableId::SuspendedSale => {
                &[TableId::Product, TableId::TaxRate, TableId::TenderType]
            }
            TableId::Shift => &[TableId::Register, TableId::Staff],
        }
    }
}

impl std::fmt::Display for TableId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl<C> minicbor::Encode<C> for TableId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u8(self.number())?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for TableId {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let number = d.u8()?;
        TableId::from_number(number)
            .ok_or_else(|| minicbor::decode::Error::message("no table has this number").at(at))
    }
}
