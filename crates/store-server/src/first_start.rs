//! What a new data folder gets, in one transaction: a store, registers, staff, profile, administrator.

use holdfast_domain::{Currency, TenderKind};
use holdfast_profile::default_profile;
use holdfast_protocol::rows::{CategoryRow, CurrencyRow, RegisterRow, StoreRow, TaxRateRow, TenderTypeRow};

use crate::administrators::AdministratorName;
use crate::database::{Database, DatabaseError, MasterRow, Store};
use crate::demo::{self, DemoError, DemoShop};
use crate::passwords::{self, PasswordError};
use crate::pictures::demo_pictures;
use crate::pin;
use crate::secrets::{self, NoRandomness};

/// Setting that holds the secret from which registers' tokens are made.
const SERVER_SECRET: &str = "server_secret";

/// What the first administrator is shown, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstStart {
    /// Of the administrator “admin” in the back office.
    pub admin_password: String,
    /// Of the one manager, where there are no demo data.
    pub manager_pin: Option<String>,
}

/// Why a data folder could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum FirstStartError {
    /// The store database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The demo data are not what they should be.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// There is no randomness to be had.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The password can't be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// Makes a data folder ready; `None` when it was so already.
///
/// # Errors
/// [`FirstStartError`], and then the folder is as it was.
pub async fn make_ready(
    database: &Database,
    with_demo: bool,
    now_ms: i64,
) -> Result<Option<FirstStart>, FirstStartError> {
    if database.store().await?.is_some() {
        return Ok(None);
    }
    let (shop, manager_pin) = if with_demo { (demo::shop()?, None) } else { empty_shop()? };
    let store = Store { row: shop.store, default_tax_code: shop.default_tax_code };
    let admin_password = passwords::random_password()?;
    let mut writing = database.begin_write(&store.row.id, now_ms).await?;
    if !writing.add_store(&store).await? {
        // Another process was quicker.
        return Ok(None);
    }
    let secret: [u8; 32] = secrets::random()?;
    writing.set_setting(SERVER_SECRET, &secret).await?;
    writing.add_administrator(&AdministratorName::first(), &passwords::hash(&admin_password)?).await?;
    writing.publish_profile(&default_profile(), now_ms).await?;
    writing.put(&shop.rows).await?;
    if with_demo {
        demo::import_catalogue(&mut writing, &store).await?;
        let products = demo::products(&mut writing).await?;
        let categories: Vec<CategoryRow> = shop.rows.iter().filter_map(category).cloned().collect();
        writing.put_pictures(&demo_pictures::of(&products, &categories)).await?;
    }
    writing.commit().await?;
    Ok(Some(FirstStart { admin_password, manager_pin }))
}

/// The secret from which registers' tokens are made.
///
/// # Errors
/// [`DatabaseError`] when there is none.
pub async fn server_secret(database: &Database) -> Result<Vec<u8>, DatabaseError> {
    let secret = database.setting(SERVER_SECRET).await?;
    secret.ok_or_else(|| DatabaseError::Damaged("there is no server secret".to_owned()))
}

fn category(row: &MasterRow) -> Option<&CategoryRow> {
    if let MasterRow::Category(category) = row { Some(category) } else { None }
}

/// A shop that is yet to be filled, and the PIN of its manager.
fn empty_shop() -> Result<(DemoShop, Option<String>), NoRandomness> {
    let id: [u8; 8] = secrets::random()?;
    let manager_pin = pin::random_pin()?;
    let currency = Currency::GBP;
    let register = |number: u16| MasterRow::Register(RegisterRow { number, name: format!("Till {number}") });
    let tax_rate = |code: &str, name: &str, rate_ppm| {
        MasterRow::TaxRate(TaxRateRow { code: code.to_owned(), name: name.to_owned(), rate_ppm })
    };
    let tender = |kind: TenderKind, name: &str| {
        let (code, name) = (kind.code().to_owned(), name.to_owned());
        MasterRow::TenderType(TenderTypeRow { code, name, offline_limit_minor: None })
    };
    let rows = vec![
        register(1),
        register(2),
        MasterRow::Currency(CurrencyRow {
            code: currency.code().to_owned(),
            sign: "£".to_owned(),
            cash_increment_minor: 1,
        }),
        tax_rate("standard", "Standard rate", 200_000),
        tax_rate("reduced", "Reduced rate", 50_000),
        tax_rate("zero", "Zero rate", 0),
        tender(TenderKind::Cash, "Cash"),
        tender(TenderKind::Card, "Card"),
        MasterRow::Staff(pin::staff_row("1", "Manager", true, &manager_pin)?),
    ];
    let store = StoreRow {
        id: secrets::hex(&id),
        name: "My store".to_owned(),
        address: Vec::new(),
        tax_number: String::new(),
        currency: currency.code().to_owned(),
        prices_include_tax: true,
        receipt_footer: String::new(),
    };
    Ok((DemoShop { store, default_tax_code: "standard".to_owned(), rows }, Some(manager_pin)))
}
