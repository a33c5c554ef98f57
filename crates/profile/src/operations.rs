//! What a till can do without the store server, and which tables and columns that takes.

use crate::{OfflineCustomers, OfflineProducts, Profile, TableId};

/// Something that a cashier does, and that works offline if the profile keeps what it takes. Selling's records are not
/// among them: they go to the store server whatever the profile keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TillOperation {
    /// Sign in.
    SignIn,
    /// Let everybody of the store sign in, not only some.
    SignInEverybody,
    /// Sell products.
    SellProducts,
    /// Sell every product of the store, not only some.
    SellEveryProduct,
    /// Scan barcodes.
    ScanBarcodes,
    /// Find the products that are kept by every barcode of theirs, not only by some.
    ScanEveryBarcode,
    /// Browse products by category.
    BrowseCategories,
    /// Show the best sellers first.
    ShowBestSellers,
    /// Choose a customer for a sale.
    ChooseCustomer,
    /// Choose any customer of the store, not only some.
    ChooseEveryCustomer,
    /// Add or change a customer.
    ChangeCustomers,
    /// Take payments.
    TakePayments,
    /// Take payments by every tender type of the store, not only some.
    TakeEveryTender,
    /// Print receipts with the store's name and tax number.
    PrintReceipts,
}

/// Something that an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Need {
    /// The table comes down.
    Rows {
        /// Which table.
        table: TableId,
    },
    /// The table comes down with this column.
    Column {
        /// Which table.
        table: TableId,
        /// Name of the column.
        column: &'static str,
    },
    /// The table comes down with all its rows.
    EveryRow {
        /// Which table.
        table: TableId,
    },
    /// The table comes down with all its rows that belong to kept rows: it has no row filter of its own. What another
    /// table's choice leaves out is missing there.
    EveryRowOfKept {
        /// Which table.
        table: TableId,
    },
    /// The table goes up.
    Upload {
        /// Which table.
        table: TableId,
    },
}

/// A [`Need`] as it is read: its column is any text until it is found in the table.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
enum ReadNeed {
    Rows { table: TableId },
    Column { table: TableId, column: String },
    EveryRow { table: TableId },
    EveryRowOfKept { table: TableId },
    Upload { table: TableId },
}

impl<'de> serde::Deserialize<'de> for Need {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Need, D::Error> {
        match ReadNeed::deserialize(deserializer)? {
            ReadNeed::Rows { table } => Ok(Rows { table }),
            ReadNeed::EveryRow { table } => Ok(EveryRow { table }),
            ReadNeed::EveryRowOfKept { table } => Ok(EveryRowOfKept { table }),
            ReadNeed::Upload { table } => Ok(Upload { table }),
            ReadNeed::Column { table, column } => {
                let found = table.column(&column).ok_or_else(|| {
                    serde::de::Error::custom(format_args!("table {table} has no column {column:?}"))
                })?;
                Ok(Column { table, column: found.name })
            }
        }
    }
}

use Need::{Column, EveryRow, EveryRowOfKept, Rows, Upload};

impl TillOperation {
    /// Every operation.
    pub const ALL: [TillOperation; 14] = [
        TillOperation::SignIn,
        TillOperation::SignInEverybody,
        TillOperation::SellProducts,
        TillOperation::SellEveryProduct,
        TillOperation::ScanBarcodes,
        TillOperation::ScanEveryBarcode,
        TillOperation::BrowseCategories,
        TillOperation::ShowBestSellers,
        TillOperation::ChooseCustomer,
        TillOperation::ChooseEveryCustomer,
        TillOperation::ChangeCustomers,
        TillOperation::TakePayments,
        TillOperation::TakeEveryTender,
        TillOperation::PrintReceipts,
    ];

    /// What it takes.
    pub fn needs(self) -> &'static [Need] {
        use TableId::{
            Barcode, Category, Currency, Customer, Price, Product, Staff, Store, TaxRate, TenderType,
        };
        match self {
            // Without the store nobody knows in which currency amounts are and whether prices hold their tax.
            TillOperation::SignIn => &[Rows { table: Staff }, Rows { table: Store }],
            TillOperation::SignInEverybody => &[EveryRow { table: Staff }],
            TillOperation::SellProducts => &[
                Rows { table: Product },
                Rows { table: Price },
                Rows { table: TaxRate },
                Rows { table: Store },
            ],
            TillOperation::SellEveryProduct => {
                &[EveryRow { table: Product }, EveryRow { table: Price }, EveryRow { table: TaxRate }]
            }
            TillOperation::ScanBarcodes => &[Rows { table: Product }, Rows { table: Barcode }],
            TillOperation::ScanEveryBarcode => &[EveryRowOfKept { table: Barcode }],
            TillOperation::BrowseCategories => {
                &[Rows { table: Category }, Column { table: Product, column: "category" }]
            }
            TillOperation::ShowBestSellers => &[Column { table: Product, column: "rank" }],
            TillOperation::ChooseCustomer => &[Rows { table: Customer }],
            TillOperation::ChooseEveryCustomer => &[EveryRow { table: Customer }],
            TillOperation::ChangeCustomers => &[Upload { table: Customer }],
            TillOperation::TakePayments => &[Rows { table: TenderType }, Rows { table: Currency }],
            TillOperation::TakeEveryTender => &[EveryRow { table: TenderType }],
            TillOperation::PrintReceipts => &[Rows { table: Store }],
        }
    }

    /// The operation of which this one is the whole: where that stops, nothing more is to be said of this one.
    pub fn whole_of(self) -> Option<TillOperation> {
        match self {
            TillOperation::SignInEverybody => Some(TillOperation::SignIn),
            TillOperation::SellEveryProduct => Some(TillOperation::SellProducts),
            TillOperation::ScanEveryBarcode => Some(TillOperation::ScanBarcodes),
            TillOperation::ChooseEveryCustomer => Some(TillOperation::ChooseCustomer),
            TillOperation::TakeEveryTender => Some(TillOperation::TakePayments),
            TillOperation::SignIn
            | TillOperation::SellProducts
            | TillOperation::ScanBarcodes
            | TillOperation::BrowseCategories
            | TillOperation::ShowBestSellers
            | TillOperation::ChooseCustomer
            | TillOperation::ChangeCustomers
            | TillOperation::TakePayments
            | TillOperation::PrintReceipts => None,
        }
    }

    /// What the profile lacks for it; nothing when it works offline.
    pub fn lacks(self, profile: &Profile) -> Vec<Need> {
        self.needs().iter().copied().filter(|need| !need.is_met(profile)).collect()
    }

    /// The operation in English, to follow "can't" or "can": "sign in".
    pub fn english(self) -> &'static str {
        match self {
            TillOperation::SignIn => "sign in",
            TillOperation::SignInEverybody => "let everybody of the store sign in",
            TillOperation::SellProducts => "sell products",
            TillOperation::SellEveryProduct => "sell every product",
            TillOperation::ScanBarcodes => "scan barcodes",
            TillOperation::ScanEveryBarcode => "scan every barcode of its products",
            TillOperation::BrowseCategories => "browse products by category",
            TillOperation::ShowBestSellers => "show the best sellers first",
            TillOperation::ChooseCustomer => "choose a customer",
            TillOperation::ChooseEveryCustomer => "choose any customer of the store",
            TillOperation::ChangeCustomers => "add or change customers",
            TillOperation::TakePayments => "take payments",
            TillOperation::TakeEveryTender => "take every tender type of the store",
            TillOperation::PrintReceipts => "print receipts with the store's name",
        }
    }
}

impl Need {
    /// Whether the profile keeps it.
    pub fn is_met(self, profile: &Profile) -> bool {
        match self {
            Rows { table } => downloads(profile, table) && !keeps_nothing(profile, table),
            Column { table, column } => {
                downloads(profile, table)
                    && profile.entry(table).is_some_and(|(_, entry)| entry.keeps_column(column))
            }
            EveryRow { table } => EveryRowOfKept { table }.is_met(profile) && chooses_all(profile, table),
            EveryRowOfKept { table } => {
                downloads(profile, table)
                    && profile.entry(table).is_some_and(|(_, entry)| entry.filter.is_none())
            }
            Upload { table } => profile.entry(table).is_some_and(|(scope, _)| scope.direction.uploads()),
        }
    }

    /// Whether a till with a connection gets from the store server what its profile does not keep: then it is lacked
    /// offline only.
    pub fn is_asked_for(self) -> bool {
        match self {
            Rows { table } | EveryRow { table } | EveryRowOfKept { table } => matches!(
                table,
                TableId::Product | TableId::Price | TableId::TaxRate | TableId::Barcode | TableId::Customer
            ),
            Column { .. } | Upload { .. } => false,
        }
    }

    /// What is missing, as English words.
    pub fn english(self) -> String {
        match self {
            Rows { table } => format!("no rows of table {table}"),
            Column { table, column } => format!("no column {column} of table {table}"),
            EveryRow { table } | EveryRowOfKept { table } => format!("not every row of table {table}"),
            Upload { table } => format!("no upload of table {table}"),
        }
    }
}

fn downloads(profile: &Profile, table: TableId) -> bool {
    profile.entry(table).is_some_and(|(scope, _)| scope.direction.downloads())
}

fn keeps_nothing(profile: &Profile, table: TableId) -> bool {
    table == TableId::Customer && profile.offline_customers == OfflineCustomers::None
}

fn chooses_all(profile: &Profile, table: TableId) -> bool {
    let products_all = profile.offline_products == OfflineProducts::All;
    let customers_all = profile.offline_customers == OfflineCustomers::AllOfThisStore;
    (products_all || (table != TableId::Product && table.follows() != Some(TableId::Product)))
        && (customers_all || table != TableId::Customer)
}
