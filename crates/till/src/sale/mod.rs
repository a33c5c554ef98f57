//! Selling: products on the left, the basket on the right. Reads memory only; nothing between a scan and its
//! line waits for anything.

pub mod adding;
pub mod basket_line;
pub mod basket_pane;
pub mod elsewhere;
pub mod keeper;
pub mod notice_bar;
pub mod open_basket;
pub mod products_pane;
pub mod screen;
pub mod shelf;
pub mod tile;
