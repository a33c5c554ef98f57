//! An address that leads nowhere.

use holdfast_ui::messages::back_office as text;
use holdfast_ui::{EmptyState, Icon};
use leptos::prelude::*;

use crate::page::Page;
use crate::section::Section;

/// Says so, and leads back.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Page title=text::not_found()>
            <div class="card">
                <EmptyState
                    icon=Icon::Search
                    title=text::not_found()
                    detail=TextProp::from(text::not_found_detail())
                >
                    <a class="button" href=Section::Registers.href()>
                        {text::to_registers()}
                    </a>
                </EmptyState>
            </div>
        </Page>
    }
}
