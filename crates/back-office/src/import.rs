//! Taking files of master data in: choose what is in it, choose the file, read which lines were not taken
//! and why. The choice is kept while other pages are looked at.

use holdfast_ui::messages::{back_office as text, common, number};
use holdfast_ui::{
    Banner, Button, ButtonKind, Cell, Column, DataTable, EmptyState, Icon, IconView, Tone, size,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{Api, ApiError, ImportReport};
use crate::file_chooser::FileChooser;
use crate::page::Page;
use crate::state::app_state;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Products with their prices.
    Products,
    /// Barcodes.
    Barcodes,
    /// Customers.
    Customers,
}

impl FileKind {
    const ALL: [FileKind; 3] = [FileKind::Products, FileKind::Barcodes, FileKind::Customers];

    fn name(self) -> &'static str {
        match self {
            FileKind::Products => "products",
            FileKind::Barcodes => "barcodes",
            FileKind::Customers => "customers",
        }
    }

    fn label(self) -> &'static str {
        match self {
            FileKind::Products => common::table_product(),
            FileKind::Barcodes => common::table_barcode(),
            FileKind::Customers => common::table_customer(),
        }
    }

    fn note(self) -> &'static str {
        match self {
            FileKind::Products => text::import_products_note(),
            FileKind::Barcodes => text::import_barcodes_note(),
            FileKind::Customers => text::import_customers_note(),
        }
    }

    fn icon(self) -> Icon {
        match self {
            FileKind::Products => Icon::Box,
            FileKind::Barcodes => Icon::Scan,
            FileKind::Customers => Icon::Users,
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Progress {
    Idle,
    UnderWay,
    Done { file: String, report: ImportReport },
    Failed(ApiError),
}

/// The choice and what came of it; belongs to the app's root.
#[derive(Clone, Copy)]
pub struct ImportState {
    kind: RwSignal<FileKind>,
    /// A file can't leave the thread it was chosen on.
    file: RwSignal<Option<web_sys::File>, LocalStorage>,
    progress: RwSignal<Progress>,
}

impl ImportState {
    /// Nothing chosen.
    pub fn new() -> ImportState {
        ImportState {
            kind: RwSignal::new(FileKind::Products),
            file: RwSignal::new_local(None),
            progress: RwSignal::new(Progress::Idle),
        }
    }

    /// Forgets the file and its report.
    pub fn clear(self) {
        self.file.set(None);
        self.progress.set(Progress::Idle);
    }

    fn is_under_way(self) -> bool {
        self.progress.with(|progress| matches!(progress, Progress::UnderWay))
    }

    fn send(self, api: Api) {
        let Some(file) = self.file.get_untracked() else { return };
        let kind = self.kind.get_untracked();
        self.progress.set(Progress::UnderWay);
        spawn_local(async move {
            let outcome = api.import(kind.name(), &file).await;
            self.progress.set(match outcome {
                Ok(report) => Progress::Done { file: file.name(), report },
                Err(error) => Progress::Failed(error),
            });
        });
    }
}

/// The page.
#[component]
pub fn ImportPage() -> impl IntoView {
    let state = app_state();
    let import = state.import;
    let can_send = move || import.file.with(Option::is_some) && !import.is_under_way();
    view! {
        <Page title=text::import()>
            <p class="muted lead">{text::import_lead()}</p>
            <form
                class="card padded stack import"
                on:submit=move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    if can_send() {
                        import.send(state.api);
                    }
                }
            >
                <KindChoice />
                <FileChoice />
                <div class="row">
                    <Button
                        label=move || if import.is_under_way() { text::importing() } else { text::import_now() }
                        icon=Icon::Import
                        kind=ButtonKind::Primary
                        submit=true
                        disabled=Signal::derive(move || !can_send())
                        on_press=|| {}
                        test_id="import-now"
                    />
                    <span class="muted small">{move || import.is_under_way().then(text::importing_note)}</span>
                </div>
            </form>
            {move || match import.progress.get() {
                Progress::Idle | Progress::UnderWay => ().into_any(),
                Progress::Done { file, report } => view! { <Report file report /> }.into_any(),
                Progress::Failed(error) => view! {
                    <Banner
                        tone=Tone::Bad
                        title=error.title()
                        detail=TextProp::from(error.detail())
                        test_id="import-error"
                    >
                        <Button label=common::retry() on_press=move || import.send(state.api) />
                    </Banner>
                }
                .into_any(),
            }}
        </Page>
    }
}

#[component]
fn KindChoice() -> impl IntoView {
    let import = app_state().import;
    let choices = FileKind::ALL.map(|kind| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="import-kind"
                    value=kind.name()
                    data-testid=format!("import-{}", kind.name())
                    prop:checked=move || import.kind.get() == kind
                    on:change=move |_| {
                        import.kind.set(kind);
                        import.progress.set(Progress::Idle);
                    }
                />
                <IconView icon=kind.icon() />
                <span class="grow">
                    <strong>{kind.label()}</strong>
                    <span class="small muted mono">{kind.note()}</span>
                </span>
            </label>
        }
    });
    view! {
        <fieldset class="stack">
            <legend>{text::import_kind()}</legend>
            <div class="choices">{choices.into_iter().collect_view()}</div>
        </fieldset>
    }
}

#[component]
fn FileChoice() -> impl IntoView {
    let import = app_state().import;
    let choose = move |file: web_sys::File| {
        import.file.set(Some(file));
        import.progress.set(Progress::Idle);
    };
    let chosen = move || {
        import.file.with(|file| match file {
            Some(file) => text::file_chosen(&file.name(), &size::bytes(file.size() as u64)),
            None => text::no_file().to_owned(),
        })
    };
    view! {
        <div class="file">
            <FileChooser
                label=text::choose_file()
                accept=".csv,text/csv"
                test_id="import-file"
                on_choose=choose
            />
            <span class="grow" data-testid="import-file-name">
                {chosen}
            </span>
        </div>
    }
}

#[component]
fn Report(file: String, report: ImportReport) -> impl IntoView {
    let columns = vec![Column::number(text::line()), Column::text(text::reason())];
    let (tone, icon, title) = if report.refused_count == 0 {
        (Tone::Ok, Icon::Tick, text::all_taken(report.taken))
    } else {
        (Tone::Wait, Icon::Warn, text::some_refused(report.refused_count, &number(report.taken)))
    };
    let shown = report.refused.len() as u64;
    let rest = report.refused_count.saturating_sub(shown);
    let is_clean = report.refused.is_empty();
    let rows = report.refused.into_iter().map(|refused| {
        view! {
            <tr role="row">
                <Cell label=text::line() numeric=true>{number(refused.line)}</Cell>
                <Cell label=text::reason()>
                    <span class="prose">{refused.reason}</span>
                </Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="stack" aria-live="polite" data-testid="import-report">
            <Banner tone icon title detail=TextProp::from(text::report_of(&file)) />
            {if is_clean {
                view! {
                    <div class="card">
                        <EmptyState icon=Icon::Tick title=text::nothing_refused() detail=TextProp::from(text::registers_follow()) />
                    </div>
                }
                .into_any()
            } else {
                view! {
                    <DataTable label=text::refused_lines() columns=columns test_id="import-refused">
                        {rows}
                    </DataTable>
                    {(rest > 0).then(|| view! { <p class="muted small">{text::more_refused(rest)}</p> })}
                }
                .into_any()
            }}
        </section>
    }
}
