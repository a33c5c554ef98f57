//! Where a focused button goes or can't be pressed any more, the browser drops the focus: the next Tab would begin at the
//! top of the page, and a screen reader falls silent. It goes on nearby instead (WCAG 2.4.3).

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, FocusEvent, FocusOptions, HtmlElement, MutationObserver, MutationObserverInit};

/// What takes the focus.
const FOCUSABLE: &str = "button:not([disabled]), a[href], input:not([disabled]), select:not([disabled]), \
    textarea:not([disabled]), summary";
/// Beyond these it does not look further for something near.
const LANDMARKS: &str = "main, header, nav, .app, body";

/// The element that had the focus last, and all that it was in, from the inside.
type Last = StoredValue<Vec<Element>, LocalStorage>;

/// Keeps the focus of the page for as long as the app lives.
pub fn keep_focus() {
    let last: Last = StoredValue::new_local(Vec::new());
    window_event_listener(leptos::ev::focusin, move |event: FocusEvent| {
        let focused = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        last.set_value(std::iter::successors(focused, |element| element.parent_element()).collect());
    });
    // Whoever clicks beside everything wants nothing to have it.
    window_event_listener(leptos::ev::focusout, move |event: FocusEvent| {
        if event.related_target().is_none() {
            request_animation_frame(move || {
                if !is_lost(last) {
                    last.set_value(Vec::new());
                }
            });
        }
    });
    let changed = Closure::<dyn FnMut()>::new(move || {
        if is_lost(last) {
            // Whoever has a better place for it comes first.
            request_animation_frame(move || {
                if is_lost(last) {
                    go_on(&last.get_value());
                }
            });
        }
    });
    let wanted = MutationObserverInit::new();
    wanted.set_child_list(true);
    wanted.set_subtree(true);
    wanted.set_attributes(true);
    wanted.set_attribute_filter(&js_sys::Array::of1(&"disabled".into()));
    let observed = MutationObserver::new(changed.as_ref().unchecked_ref()).and_then(|observer| {
        document().body().map_or(Ok(()), |body| observer.observe_with_options(&body, &wanted))
    });
    if observed.is_err() {
        leptos::logging::warn!("the focus is not kept");
    }
    changed.forget();
}

/// Whether nothing has the focus because what had it is gone or can't have it any more.
fn is_lost(last: Last) -> bool {
    let has_none = document().active_element().is_none_or(|active| active.matches("body").unwrap_or(false));
    has_none
        && last.with_value(|last| {
            last.first().is_some_and(|focused| !focused.is_connected() || focused.has_attribute("disabled"))
        })
}

/// To what is left nearest, else to the page's heading.
fn go_on(last: &[Element]) {
    let near = last.iter().skip(1).filter(|around| around.is_connected());
    let found = near
        .take_while(|around| !around.matches(LANDMARKS).unwrap_or(true))
        .find_map(first_in)
        .or_else(|| document().query_selector("main h1").ok().flatten()?.dyn_into().ok());
    let Some(found) = found else { return };
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if found.focus_with_options(&options).is_err() {
        leptos::logging::warn!("an element could not take the focus");
    }
}

/// The first in it that can be seen and takes the focus.
fn first_in(around: &Element) -> Option<HtmlElement> {
    let all = around.query_selector_all(FOCUSABLE).ok()?;
    let mut elements = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<HtmlElement>().ok());
    elements.find(|element| element.offset_parent().is_some())
}
