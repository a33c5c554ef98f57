//! Moving the focus to where work goes on, after the page has followed a change.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::places::{paths_to, scope_of, tab_of};
use super::state::Editor;
use crate::page::focus;

/// Gives an element the focus once the page is drawn; the other one where the first can't take it.
pub fn focus_later(id: String, otherwise: String) {
    request_animation_frame(move || {
        let wanted = element(&id).filter(|element| !element.has_attribute("disabled"));
        if let Some(element) = wanted.or_else(|| element(&otherwise)) {
            focus(&element);
        }
    });
}

/// Shows the field that a finding is about.
pub fn show_field(editor: Editor, field: String) {
    editor.tab.set(tab_of(&field));
    if let Some(place) = scope_of(&field) {
        let line = editor.peek(|copy| copy.lines.get(place).map(|line| line.key));
        if line.is_some() {
            editor.line.set(line);
        }
    }
    request_animation_frame(move || {
        let found = paths_to(&field).into_iter().find_map(|path| {
            // A path holds brackets and digits only: nothing in it can end the selector's text.
            document().query_selector(&format!("[data-field=\"{path}\"]")).ok().flatten()
        });
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            focus(&element);
        }
    });
}

fn element(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
