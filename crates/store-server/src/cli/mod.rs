//! The command line. Commands work on the store database, while the server runs too.

mod administrators;

use std::fs::File;
use std::io::{BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use holdfast_profile::ScopeRename;

use administrators::AdministratorsCommand;

use crate::admin::registers::{Actor, add_register, make_activation_code};
use crate::administrators::AdministratorName;
use crate::clock::Clock;
use crate::database::{Address, Database, Place, RegisterKey, Store};
use crate::import::{self, ImportKind};
use crate::pictures::import_folder;
use crate::profile_text::{read_profile, write_profile};
use crate::profiles::{COMMAND_LINE, ProfileChange, ProfileOrder, ProfileRefusal};
use crate::read_export::read_export;
use crate::serve::{Serve, serve};

/// The store server of Holdfast, a point of sale that keeps selling when the server is gone.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve {
        #[command(flatten)]
        database: DatabaseArguments,
        /// Address and port.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// The folder of the built pages; without it there is only the API.
        #[arg(long)]
        pages: Option<PathBuf>,
        /// Fill a new store database with the demo shop.
        #[arg(long)]
        demo: bool,
        /// Days for which deleted rows are remembered; a register that was away for longer downloads anew.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3650))]
        keep_deletions_days: u16,
    },
    /// Make an activation code for a register; it is the last word that is printed.
    ActivationCode {
        /// The register's number.
        #[arg(long)]
        register: u16,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Add a register.
    AddRegister {
        /// Its number, part of each receipt number.
        #[arg(long)]
        number: u16,
        /// Its name.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Import a CSV file; prints what was not taken and why.
    Import {
        /// What the file holds.
        kind: KindArgument,
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Import pictures of products: a folder of PNG, JPEG or WebP files, each named after its product's sku or barcode.
    ImportPictures {
        /// The folder.
        folder: PathBuf,
        /// Remove the pictures of products that have none in the folder.
        #[arg(long)]
        remove_others: bool,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Check an export of a register, and print what is in it.
    ReadExport {
        /// The file.
        file: PathBuf,
        /// Write its sales to this CSV file.
        #[arg(long, value_name = "CSV")]
        sales: Option<PathBuf>,
    },
    /// Save a profile as the draft of the one that has its name, and publish it as the next version; prints what keeps it from being published.
    PublishProfile {
        /// The profile, a JSON file.
        file: PathBuf,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Write the draft of a profile as a file that `publish-profile` and the back office read, to standard output.
    ExportProfile {
        /// The profile's name.
        name: String,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// After a backup was restored, before registers meet it: they take all tables again.
    AfterRestore {
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Who may sign in to the back office.
    #[command(subcommand)]
    Administrators(AdministratorsCommand),
    /// Make a new password for the administrator “admin”; as `administrators set-password admin`.
    AdminPassword {
        #[command(flatten)]
        database: DatabaseArguments,
    },
}

/// Which store database.
#[derive(Debug, Args)]
struct DatabaseArguments {
    /// The folder that holds the store database, a SQLite file; made where there is none.
    #[arg(long, required_unless_present = "database_url")]
    data: Option<PathBuf>,
    /// A PostgreSQL database in place of the folder: postgres://USER:PASSWORD@HOST:PORT/DATABASE. Other programs on
    /// this machine can see the command line; they can't see the variable.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "ADDRESS")]
    database_url: Option<Address>,
}

impl DatabaseArguments {
    fn place(self) -> Result<Place, String> {
        // An empty variable is one that is not set.
        let address = self.database_url.filter(|address| !address.as_str().trim().is_empty());
        match (address, self.data) {
            (Some(address), _) => Ok(Place::Address(address)),
            (None, Some(folder)) => Ok(Place::Folder(folder)),
            (None, None) => {
                Err("Say where the store database is: --data FOLDER, or DATABASE_URL.".to_owned())
            }
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindArgument {
    Products,
    Barcodes,
    Customers,
}

/// Runs the program; errors go to standard error.
pub async fn run() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match execute(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what a person or script waits for. Whoever no longer listens does not stop the work.
pub fn say(text: &str) {
    let mut output = std::io::stdout().lock();
    if let Err(error) = output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        tracing::debug!(%error, "nobody reads standard output");
    }
}

async fn execute(command: Command) -> Result<(), String> {
    match command {
        Command::Serve { database, listen, pages, demo, keep_deletions_days } => {
            let database = database.place()?;
            let wishes = Serve { database, listen, pages, with_demo: demo, keep_deletions_days };
            serve(wishes).await.map_err(|error| error.to_string())
        }
        Command::ActivationCode { register, database } => {
            with_store(&database.place()?, async |database, store| {
                activation_code(database, store, register).await
            })
            .await
        }
        Command::AddRegister { number, name, database } => {
            with_store(&database.place()?, async |database, store| {
                let row = add_register(database, &store.row.id, number, &name, command_line()).await;
                let row = row.map_err(|error| error.problem().detail)?;
                say(&format!("Register {}, {}, was added.\n", row.number, row.name));
                Ok(())
            })
            .await
        }
        Command::Import { kind, file, database } => {
            with_store(&database.place()?, async |database, store| {
                import_file(database, store, kind, &file).await
            })
            .await
        }
        Command::ImportPictures { folder, remove_others, database } => {
            with_store(&database.place()?, async |database, store| {
                let now_ms = Clock::system().now_ms();
                let report =
                    import_folder(database, store, &folder, remove_others, COMMAND_LINE, now_ms).await?;
                say(&report.to_string());
                Ok(())
            })
            .await
        }
        Command::ReadExport { file, sales } => read_export(&file, sales.as_deref()),
        Command::PublishProfile { file, database } => {
            with_store(&database.place()?, async |database, store| {
                publish_profile(database, store, &file).await
            })
            .await
        }
        Command::ExportProfile { name, database } => {
            with_store(&database.place()?, async |database, store| {
                export_profile(database, store, &name).await
            })
            .await
        }
        Command::AfterRestore { database } => {
            with_store(&database.place()?, async |database, store| {
                database.begin_feed_anew(&store.row.id).await.map_err(|error| error.to_string())?;
                say("Registers take all tables again, and send again what the backup does not have.\n");
                Ok(())
            })
            .await
        }
        Command::Administrators(command) => administrators::execute(command).await,
        Command::AdminPassword { database } => {
            let name = AdministratorName::first().to_string();
            administrators::execute(AdministratorsCommand::SetPassword { name, database }).await
        }
    }
}

/// Does something with a store that is there.
async fn with_store(
    place: &Place,
    work: impl AsyncFnOnce(&Database, &Store) -> Result<(), String>,
) -> Result<(), String> {
    let missing = || match place {
        Place::Folder(folder) => {
            format!("There is no store in {}. `serve --data` makes one at its first start.", folder.display())
        }
        Place::Address(_) => {
            "There is no store in this database. `serve --database-url` makes one at its first start."
                .to_owned()
        }
    };
    if let Place::Folder(folder) = place
        && !folder.join(crate::database::sqlite::FILE_NAME).is_file()
    {
        return Err(missing());
    }
    let database = Database::open(place).await.map_err(|error| error.to_string())?;
    let store = database.store().await.map_err(|error| error.to_string())?;
    let done = match &store {
        Some(store) => work(&database, store).await,
        None => Err(missing()),
    };
    database.close().await;
    done
}

async fn activation_code(database: &Database, store: &Store, register: u16) -> Result<(), String> {
    let key = RegisterKey { store_id: store.row.id.clone(), number: register };
    if !database.has_register(&key).await.map_err(|error| error.to_string())? {
        return Err(format!("There is no register {register}."));
    }
    let made = make_activation_code(database, &key, command_line()).await;
    let code = made.map_err(|error| error.problem().to_string())?.code;
    say(&format!("Activation code of register {register}, valid for 60 minutes: {code}\n"));
    Ok(())
}

async fn publish_profile(database: &Database, store: &Store, path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let profile = read_profile(&text).map_err(|wrong| format!("{}:\n{wrong}", path.display()))?;
    let name = profile.name.clone();
    let order = ProfileOrder {
        by: COMMAND_LINE.to_owned(),
        at_ms: Clock::system().now_ms(),
        change: ProfileChange::SaveAndPublish { profile },
    };
    match database.change_profiles(&store.row.id, &order).await.map_err(|error| error.to_string())? {
        Ok(done) => {
            for ScopeRename { from, to } in &done.renamed {
                say(&format!("The store has another scope “{from}”, so this one is named “{to}”.\n"));
            }
            say(&format!("“{name}” was published as version {}.\n", done.version.unwrap_or_default()));
            Ok(())
        }
        Err(ProfileRefusal::Unchanged { version }) => {
            say(&format!("“{name}” is what was published as version {version}.\n"));
            Ok(())
        }
        Err(refusal) => Err(format!("{}:\n{refusal}", path.display())),
    }
}

/// Writes the draft of a profile to standard output.
async fn export_profile(database: &Database, store: &Store, name: &str) -> Result<(), String> {
    let shelf = database.profile_shelf(&store.row.id).await.map_err(|error| error.to_string())?;
    let kept = shelf.by_name(name).ok_or_else(|| format!("There is no profile “{name}”."))?;
    say(&format!("{}\n", write_profile(&kept.draft)?));
    Ok(())
}

fn command_line() -> Actor<'static> {
    Actor { name: COMMAND_LINE, now_ms: Clock::system().now_ms() }
}

async fn import_file(
    database: &Database,
    store: &Store,
    kind: KindArgument,
    path: &Path,
) -> Result<(), String> {
    let kind = match kind {
        KindArgument::Products => ImportKind::Products,
        KindArgument::Barcodes => ImportKind::Barcodes,
        KindArgument::Customers => ImportKind::Customers,
    };
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let report =
        import::import(database, store, kind, BufReader::new(file), COMMAND_LINE, Clock::system().now_ms())
            .await;
    let report = report.map_err(|error| format!("{}: {error} Nothing was changed.", path.display()))?;
    say(&report.to_string());
    Ok(())
}
