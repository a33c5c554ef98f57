//! CSV files of a shop, into a store database that never commits them.

use std::cell::OnceCell;

use holdfast_store_server::database::{Database, Store};
use holdfast_store_server::first_start::make_ready;
use holdfast_store_server::import::{ImportError, ImportKind, import_into};

use super::{Target, Verdict};

pub(super) const TARGETS: &[Target] = &[
    Target::text(
        "import_products",
        &[
            "sku,name,price,category,unit,tax_code,rank\n1001,Enamel mug,8.50,Kitchen,ea,S,1\n\
             2001,\"Apples, Cox\",2.40,Produce,kg,Z,\n",
            "SKU;Description;Unit_Price\n\"a\"\"b\";\"x\ny\";1.00\n",
            "\u{feff}sku,name\nA1,Fish &amp; chips\n",
        ],
        products,
    ),
    Target::text(
        "import_barcodes",
        &["gtin,sku\n4006381333931,1001\n036000291452,2001\n", "barcode,name\n96385074,Pencil\n"],
        barcodes,
    ),
    Target::text(
        "import_customers",
        &["id,name,country,phone,email\n12347,Ms Ito,Iceland,+354 555 0100,ito@example.org\n"],
        customers,
    ),
];

/// A store database in a folder that goes with the thread.
struct Shop {
    runtime: tokio::runtime::Runtime,
    database: Database,
    store: Store,
    _folder: tempfile::TempDir,
}

thread_local! {
    static SHOP: OnceCell<Shop> = const { OnceCell::new() };
}

fn open() -> Shop {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let (database, store) = runtime.block_on(async {
        let database = Database::open_folder(folder.path()).await.expect("it opens");
        make_ready(&database, false, 0).await.expect("it is made ready");
        let store = database.store().await.expect("it answers").expect("there is one");
        (database, store)
    });
    Shop { runtime, database, store, _folder: folder }
}

fn imported(kind: ImportKind, bytes: &[u8]) -> Verdict {
    SHOP.with(|shop| {
        let Shop { runtime, database, store, .. } = shop.get_or_init(open);
        runtime.block_on(async {
            let mut writing = database.begin_write(&store.row.id, 0).await.expect("nobody else writes");
            // Dropped without a commit: nothing stays for the next round.
            match import_into(&mut writing, store, kind, bytes).await {
                Ok(report) => {
                    assert!(!report.to_string().is_empty());
                    Verdict::Taken
                }
                Err(ImportError::NotThatKindOfFile(words)) => {
                    assert!(!words.is_empty());
                    Verdict::Refused
                }
                Err(error @ ImportError::Database(_)) => panic!("{error}"),
            }
        })
    })
}

fn products(bytes: &[u8]) -> Verdict {
    imported(ImportKind::Products, bytes)
}

fn barcodes(bytes: &[u8]) -> Verdict {
    imported(ImportKind::Barcodes, bytes)
}

fn customers(bytes: &[u8]) -> Verdict {
    imported(ImportKind::Customers, bytes)
}
