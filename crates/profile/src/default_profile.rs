//! The profile that ships with Holdfast.

use crate::{
    CheckForNewDatabase, DataExportFolder, DatabaseExportSchedule, DeviceConfiguration, Direction, Frequency,
    HealthCheck, ImageFolder, OfflineCustomers, OfflineProducts, Profile, Scope, ScopeTable, TableId,
    UploadBatch, UploadTransactions,
};

/// Name of the profile that ships with the product, as in AX 2012.
pub const DEFAULT_PROFILE_NAME: &str = "Default pr.";

/// `Default pr.`: its scopes mirror the Retail scheduler's jobs that carry channel data
/// (registers and hardware, currency, tax and tenders, staff, products, prices down; customers both ways, so that
/// a till can mend a telephone number; transactions up), in an order in which each refers only to earlier ones.
pub fn default_profile() -> Profile {
    use Direction::{Bidirectional, Download, Upload};
    Profile {
        name: DEFAULT_PROFILE_NAME.to_owned(),
        description: "Everything a register needs to sell on its own.".to_owned(),
        scopes: vec![
            scope(
                "Registers and hardware",
                "The store and its registers.",
                Download,
                &[TableId::Store, TableId::Register],
            ),
            scope(
                "Currency, tax, tenders",
                "How amounts are taxed and paid.",
                Download,
                &[TableId::Currency, TableId::TaxRate, TableId::TenderType],
            ),
            scope("Staff", "Who may sign in.", Download, &[TableId::Staff]),
            scope(
                "Products and barcodes",
                "What can be sold.",
                Download,
                &[TableId::Category, TableId::Product, TableId::Barcode],
            ),
            scope("Prices and discounts", "What it costs.", Download, &[TableId::Price]),
            scope("Customers", "Who buys on account or by name.", Bidirectional, &[TableId::Customer]),
            scope(
                "Transactions",
                "Sales and shifts of the register.",
                Upload,
                &[TableId::Sale, TableId::Shift],
            ),
        ],
        device: DeviceConfiguration {
            offline_timeout_s: 5,
            reconnect_interval_min: 1,
            check_for_new_database: CheckForNewDatabase::AtEachSync,
            upload_transactions: UploadTransactions::AtOnce,
            browser_online_hint: true,
            image_folder: ImageFolder::Off,
            data_export_folder: DataExportFolder::Off,
            database_export_schedule: DatabaseExportSchedule::Never,
            slow_is_offline: None,
            upload_batch_entries: UploadBatch::default(),
            health_check_s: HealthCheck::default(),
        },
        offline_products: OfflineProducts::All,
        offline_customers: OfflineCustomers::AllOfThisStore,
    }
}

fn scope(name: &str, description: &str, direction: Direction, tables: &[TableId]) -> Scope {
    Scope {
        name: name.to_owned(),
        description: description.to_owned(),
        direction,
        frequency: Frequency::WithEverySync,
        tables: tables.iter().copied().map(ScopeTable::whole).collect(),
    }
}
