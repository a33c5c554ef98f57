//! Parts of a view that follow signals, with the closure's type forgotten.
//!
//! What leptos makes of a closure is compiled once for each type of closure, about two kilobytes every time; a
//! till has a hundred of them and is downloaded over a shop's network. Behind these boxes it is compiled once.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// Something that follows signals.
pub type Follows<T> = Box<dyn FnMut() -> T + Send>;

/// A text, or an attribute's.
pub fn words(follow: impl Fn() -> String + Send + 'static) -> Follows<String> {
    Box::new(follow)
}

/// A text that is one of the messages.
pub fn word(follow: impl Fn() -> &'static str + Send + 'static) -> Follows<&'static str> {
    Box::new(follow)
}

/// A class, or an attribute that is there or not.
pub fn flag(follow: impl Fn() -> bool + Send + 'static) -> Follows<bool> {
    Box::new(follow)
}

/// A part that is always there.
pub fn part(follow: impl Fn() -> AnyView + Send + 'static) -> Follows<AnyView> {
    Box::new(follow)
}

/// A part that is there or not.
pub fn maybe(follow: impl Fn() -> Option<AnyView> + Send + 'static) -> Follows<Option<AnyView>> {
    Box::new(follow)
}

/// Several parts.
pub fn parts(follow: impl Fn() -> Vec<AnyView> + Send + 'static) -> Follows<Vec<AnyView>> {
    Box::new(follow)
}

/// What a press of a button does.
pub fn press(act: impl Fn() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| act())
}
