//! Dragging a line by its handle, with a finger or a mouse. Where it would land is shown; it moves when the finger
//! is lifted, so nothing jumps under it. For keyboards and screen readers there are keys and buttons.

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Icon, IconView};
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::page::CONTENT_ID;

/// So near to the edge of what scrolls, it scrolls on, CSS pixels.
const EDGE_PX: i32 = 72;
/// So far at each movement, CSS pixels.
const SCROLL_STEP_PX: i32 = 14;

/// A line that is being dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drag {
    /// Its place.
    pub from: usize,
    /// Where it would land.
    pub to: usize,
}

/// The handle of the line at a place.
#[component]
pub fn DragHandle(
    /// The line's place.
    #[prop(into)]
    place: Signal<usize>,
    /// What is being dragged.
    drag: RwSignal<Option<Drag>>,
    /// It was dropped at another place.
    #[prop(into)]
    on_drop: UnsyncCallback<usize>,
) -> impl IntoView {
    let down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        let handle = event_target::<web_sys::Element>(&event);
        // Without it a quick finger leaves the handle behind; dragging ends there then.
        if handle.set_pointer_capture(event.pointer_id()).is_err() {
            leptos::logging::log!("a pointer could not be captured");
        }
        let from = place.get_untracked();
        drag.set(Some(Drag { from, to: from }));
    };
    let moved = move |event: PointerEvent| {
        let Some(now) = drag.get_untracked() else { return };
        scroll_at_edge(event.client_y());
        if let Some(to) = place_under(event.client_x(), event.client_y())
            && to != now.to
        {
            drag.set(Some(Drag { to, ..now }));
        }
    };
    let up = move |_: PointerEvent| {
        let Some(Drag { from, to }) = drag.get_untracked() else { return };
        drag.set(None);
        if from != to {
            on_drop.try_run(to);
        }
    };
    view! {
        <span
            class="drag-handle"
            aria-hidden="true"
            title=text::drag()
            data-testid=move || format!("line-drag-{}", place.get() + 1)
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=move |_| drag.set(None)
        >
            <IconView icon=Icon::Drag />
        </span>
    }
    .into_any()
}

/// The place of the line at a point of the screen.
fn place_under(x: i32, y: i32) -> Option<usize> {
    let under = document().element_from_point(x as f32, y as f32)?;
    under.closest("[data-place]").ok()??.get_attribute("data-place")?.parse().ok()
}

fn scroll_at_edge(y: i32) {
    let Some(content) = document().get_element_by_id(CONTENT_ID) else { return };
    let Ok(content) = content.dyn_into::<web_sys::HtmlElement>() else { return };
    let (top, height) = (content.offset_top(), content.offset_height());
    let step = if y > top + height - EDGE_PX {
        SCROLL_STEP_PX
    } else if y < top + EDGE_PX {
        -SCROLL_STEP_PX
    } else {
        return;
    };
    content.set_scroll_top(content.scroll_top() + step);
}
