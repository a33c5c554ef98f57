//! Holdfast in a real browser.

mod sell_offline;
