//! The page's entry: the language first, then the app.

fn main() {
    console_error_panic_hook::set_once();
    holdfast_ui::messages::choose_locale();
    leptos::mount::mount_to_body(holdfast_till::app::App);
}
