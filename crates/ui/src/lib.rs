//! What both pages look like and say: text, components, times, amounts; the styles are in `styles/`.
//!
//! Owns how a thing looks, sounds and is reached by keyboard and screen reader; never what it does: no
//! request, no storage, no decision about a sale.
//!
//! # For a page
//! ```ignore
//! fn main() {
//!     holdfast_ui::messages::choose_locale();
//!     leptos::mount::mount_to_body(App);
//! }
//! ```
//! - **Text**: [`messages`]. A key in `messages/en/till.toml` is a function in `messages::till`.
//! - **Actions**: [`Button`] (`kind=ButtonKind::Primary|Quiet|Plain`, `icon`, `test_id`, `disabled`,
//!   `class`), [`IconButton`] (its `label` is what a screen reader says). `on_press` is any `Fn()`.
//! - **Input**: [`Field`] (label, help, error; holds the typed text in an `RwSignal<String>`),
//!   [`Entry`], [`ChoiceEntry`] and [`CheckEntry`] (their value lives elsewhere, such as in a draft),
//!   [`NumberPad`] with [`PadKey`].
//! - **State**: [`Badge`] with [`Tone`] (a word always, an icon mostly), [`Banner`], [`ProgressBar`],
//!   [`Skeleton`], [`EmptyState`].
//! - **Structure**: [`Card`], [`Dialog`], [`Tabs`] and [`TabPanel`], [`DataTable`] with [`Column`] and
//!   [`Cell`].
//! - **Announcing**: [`LiveRegion`] for what happens, [`RouteAnnouncer`] for page changes (it sets
//!   `document.title` too).
//! - **Amounts**: [`Amount`] and [`money`]; **times**: [`time`] (`clock`, `countdown`, `use_now`);
//!   **sizes**: [`size`]; **tables**: [`table_words`].
//! - **Pictures**: [`Icon`] and [`IconView`].
//!
//! Texts of components are [`leptos::prelude::TextProp`]: a `&'static str`, a `String` or a closure
//! (`label=move || ...`, which must be `Send + Sync`: capture signals).
//!
//! # For a style sheet
//! `styles/*.css` of this crate, then those of the page, in order of name. Layers: `tokens`, `base`,
//! `components`, `page`; a page writes into `@layer page` only. Logical properties only (a right-to-left
//! language comes), tokens instead of values, nothing to tap below `var(--touch)`. The content security
//! policy forbids `style` attributes: use a class, or `style:name=` for values that are computed.

#![forbid(unsafe_code)]

mod announcer;
mod badge;
mod banner;
mod button;
mod card;
mod data_table;
mod dialog;
mod element_id;
mod empty_state;
mod entry;
mod field;
mod icon;
pub mod messages;
pub mod money;
mod number_pad;
mod progress;
pub mod size;
pub mod table_words;
mod tabs;
pub mod time;

pub use announcer::{LiveRegion, RouteAnnouncer};
pub use badge::{Badge, Tone};
pub use banner::Banner;
pub use button::{Button, ButtonKind, IconButton};
pub use card::Card;
pub use data_table::{Cell, Column, DataTable};
pub use dialog::Dialog;
pub use empty_state::{EmptyState, Skeleton};
pub use entry::{CheckEntry, Choice, ChoiceEntry, Entry};
pub use field::{Field, FieldKind};
pub use icon::{Icon, IconView};
pub use money::Amount;
pub use number_pad::{NumberPad, PadKey};
pub use progress::ProgressBar;
pub use tabs::{Tab, TabMarks, TabPanel, Tabs};
