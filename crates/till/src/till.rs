//! What outlives every screen. Made once at the root; screens come and go and hold only copies of it.

use holdfast_browser_store::{Journal, ScopeDatabase};
use holdfast_domain::{Basket, Currency, TaxMode};
use holdfast_protocol::look_up::FoundProduct;
use leptos::prelude::*;

use crate::activation::Activation;
use crate::catalogue::Catalogue;
use crate::catalogue::load::Loading;
use crate::connection::Connection;
use crate::customers::{self, Customers};
use crate::done::FinishedSale;
use crate::export::Exports;
use crate::look_up::LookUps;
use crate::look_up::elsewhere::Elsewhere;
use crate::money_text::MoneyText;
use crate::notice::Notice;
use crate::offline_database::StorageUse;
use crate::pad::PadRequest;
use crate::pay::Payment;
use crate::pictures::Pictures;
use crate::sale::keeper::Keeper;
use crate::sale::open_basket::OpenBasket;
use crate::sales_list::SalesList;
use crate::session::{Cashier, SignIn};
use crate::shift::Shift;
use crate::worker_link::WorkerLink;

/// How far the till is with starting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Databases are being opened.
    Starting,
    /// The browser has no service worker for this address: not HTTPS, or switched off.
    NoServiceWorker,
    /// Another tab of this browser has the till.
    OtherTab,
    /// The register's databases can't be opened; the browser's words.
    Failed(String),
    /// The register has no identity yet.
    Activation,
    /// The catalogue is on its way for the first time.
    Download,
    /// Somebody may sign in and sell.
    Ready,
}

/// Where a cashier is. A switch of connectivity never changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the products and the basket.
    Sale,
    /// Taking payment.
    Pay,
    /// A sale was finished.
    Done,
    /// Looking at this register's sales.
    Sales,
    /// Looking at what the register keeps.
    OfflineDatabase,
    /// Looking at the shift, to close it.
    Shift,
}

/// Whose till this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Store's identifier.
    pub store_id: String,
    /// Store's name, as it was at the activation.
    pub store_name: String,
    /// The register's number.
    pub number: u16,
    /// Its name.
    pub name: String,
}

/// All state of the till; a bundle of handles.
#[derive(Debug, Clone, Copy)]
pub struct Till {
    /// How far it is with starting.
    pub stage: RwSignal<Stage>,
    /// Where the cashier is.
    pub place: RwSignal<Place>,
    /// Whose till it is; `None` before the activation.
    pub register: RwSignal<Option<Register>>,
    /// What can be sold.
    pub catalogue: RwSignal<Catalogue>,
    /// The reading of it.
    pub loading: Loading,
    /// The activation screen's own.
    pub activation: Activation,
    /// Who is signed in.
    pub cashier: RwSignal<Option<Cashier>>,
    /// The sign-in screen's own.
    pub sign_in: SignIn,
    /// What is being sold.
    pub basket: OpenBasket,
    /// What is being paid.
    pub payment: Payment,
    /// What was sold last.
    pub finished: RwSignal<Option<FinishedSale>>,
    /// The list of this register's sales.
    pub sales: SalesList,
    /// The page of the shift.
    pub shift: Shift,
    /// The pictures on tiles.
    pub pictures: Pictures,
    /// This register's exports.
    pub exports: Exports,
    /// Whether the profile keeps all products here; not known before there is one.
    pub keeps_all_products: RwSignal<bool>,
    /// The same of customers.
    pub keeps_all_customers: RwSignal<bool>,
    /// What the browser said of its storage.
    pub storage: RwSignal<Option<StorageUse>>,
    /// What is typed into the search.
    pub search: RwSignal<String>,
    /// Whether a scanner may be typing just now.
    pub may_be_scanning: RwSignal<bool>,
    /// What is searched for: what is typed, once it is certain that no scanner types it. Else each digit of a code
    /// would be looked for among all names, and other tiles drawn thirteen times before the line of what is scanned.
    pub sought: Memo<String>,
    /// Whether anything is searched for.
    pub is_searching: Memo<bool>,
    /// What the search finds at the store server beside what is kept here.
    pub products_elsewhere: RwSignal<Elsewhere<FoundProduct>>,
    /// What the store server is being asked.
    pub look_ups: LookUps,
    /// The category that is shown; `None` are the best sellers.
    pub category: RwSignal<Option<String>>,
    /// What the till has to say.
    pub notice: RwSignal<Option<Notice>>,
    /// The dialog to choose, change or add a customer.
    pub customers: Customers,
    /// The number pad that is open.
    pub pad: RwSignal<Option<PadRequest>>,
    /// Whether the menu is open.
    pub menu_is_open: RwSignal<bool>,
    /// The connection.
    pub connection: Connection,
    /// Whether this tab has the till.
    pub has_turn: StoredValue<bool>,
    /// The clock, moved on each second.
    pub now_ms: RwSignal<i64>,
    // Whoever writes amounts follows this, so that a changed basket writes nothing anew but its own lines.
    money: Memo<MoneyText>,
    journal: StoredValue<Option<Journal>, LocalStorage>,
    scopes: StoredValue<Option<ScopeDatabase>, LocalStorage>,
    link: StoredValue<Option<WorkerLink>, LocalStorage>,
    keeper: StoredValue<Option<Keeper>, LocalStorage>,
}

impl Till {
    /// A till that has not started.
    pub fn new() -> Till {
        let basket = OpenBasket::new(Basket::new(Currency::GBP, TaxMode::Inclusive));
        let catalogue = RwSignal::new(Catalogue::default());
        let search = RwSignal::new(String::new());
        let may_be_scanning = RwSignal::new(false);
        let sought = Memo::new(move |before: Option<&String>| match before {
            Some(before) if may_be_scanning.get() => before.clone(),
            Some(_) | None => search.get(),
        });
        Till {
            stage: RwSignal::new(Stage::Starting),
            place: RwSignal::new(Place::Sale),
            register: RwSignal::new(None),
            catalogue,
            loading: Loading::new(),
            activation: Activation::new(),
            cashier: RwSignal::new(None),
            sign_in: SignIn::new(),
            basket,
            payment: Payment::new(),
            finished: RwSignal::new(None),
            sales: SalesList::new(),
            shift: Shift::new(),
            pictures: Pictures::new(),
            exports: Exports::new(),
            keeps_all_products: RwSignal::new(true),
            keeps_all_customers: RwSignal::new(true),
            storage: RwSignal::new(None),
            search,
            may_be_scanning,
            sought,
            is_searching: Memo::new(move |_| sought.with(|sought| !sought.trim().is_empty())),
            products_elsewhere: RwSignal::new(Elsewhere::NotAsked),
            look_ups: LookUps::new(),
            category: RwSignal::new(None),
            notice: RwSignal::new(None),
            customers: Customers::new(),
            pad: RwSignal::new(None),
            menu_is_open: RwSignal::new(false),
            connection: Connection::new(),
            has_turn: StoredValue::new(false),
            now_ms: RwSignal::new(holdfast_ui::time::now_ms()),
            money: Memo::new(move |_| {
                let currency = basket.read(Basket::currency);
                catalogue.with(|catalogue| MoneyText::new(currency, catalogue.shop.sign(currency)))
            }),
            journal: StoredValue::new_local(None),
            scopes: StoredValue::new_local(None),
            link: StoredValue::new_local(None),
            keeper: StoredValue::new_local(None),
        }
    }

    /// The journal, once it is open.
    pub fn journal(&self) -> Option<Journal> {
        self.journal.get_value()
    }

    /// Keeps the open journal.
    pub fn set_journal(&self, journal: Journal) {
        self.journal.set_value(Some(journal));
    }

    /// The offline database, once it is open.
    pub fn scopes(&self) -> Option<ScopeDatabase> {
        self.scopes.get_value()
    }

    /// Keeps the open offline database.
    pub fn set_scopes(&self, scopes: ScopeDatabase) {
        self.scopes.set_value(Some(scopes));
    }

    /// The way to the service worker, once there is one.
    pub fn link(&self) -> Option<WorkerLink> {
        self.link.get_value()
    }

    /// Keeps the way to the service worker.
    pub fn set_link(&self, link: WorkerLink) {
        self.link.set_value(Some(link));
    }

    /// Whoever keeps the open basket in the journal.
    pub fn keeper(&self) -> Option<Keeper> {
        self.keeper.get_value()
    }

    /// Has this one keep the open basket.
    pub fn set_keeper(&self, keeper: Keeper) {
        self.keeper.set_value(Some(keeper));
    }

    /// How the open basket's amounts are written; follows the basket and the currency table.
    pub fn money(&self) -> MoneyText {
        self.money.get()
    }

    /// Empties the search; where nothing is typed, nothing follows.
    pub fn clear_search(&self) {
        if !self.search.with_untracked(String::is_empty) {
            self.search.set(String::new());
        }
    }

    /// Shows another place; what belonged to the one before is closed.
    pub fn go_to(&self, place: Place) {
        self.menu_is_open.set(false);
        self.pad.set(None);
        customers::close(*self);
        self.place.set(place);
    }
}

impl Default for Till {
    fn default() -> Self {
        Till::new()
    }
}

/// The till of this page.
pub fn use_till() -> Till {
    expect_context()
}
