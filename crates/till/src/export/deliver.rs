//! A file into a folder that somebody granted, or into the browser's downloads.

use std::time::Duration;

use holdfast_protocol::export::FILE_NAME_END;
use holdfast_ui::messages::till as text;
use js_sys::{Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlElement, Url};

use crate::browser::{call, error_text, object};
use crate::till::Till;

/// How long the browser is given to begin a download before its address goes.
const DOWNLOAD_WITHIN: Duration = Duration::from_secs(60);

/// Whether the browser can grant folders.
pub fn has_folders() -> bool {
    Reflect::has(&window(), &"showDirectoryPicker".into()).unwrap_or(false)
}

/// The granted folder, with the right to write into it; none where the browser has no folders. Somebody who asked for
/// the export is asked for folder and right where they are missing.
pub async fn granted_folder(till: Till, somebody_asked: bool) -> Result<Option<Object>, String> {
    if !has_folders() {
        return Ok(None);
    }
    let kept = match till.journal() {
        Some(journal) => journal.export_folder().await.map_err(|error| error.to_string())?,
        None => None,
    };
    let method = if somebody_asked { "requestPermission" } else { "queryPermission" };
    let was_granted = kept.is_some();
    if let Some(folder) = kept
        && is_granted(&folder, method).await
    {
        return Ok(Some(folder));
    }
    if somebody_asked {
        choose_folder(till).await.map(Some)
    } else if was_granted {
        // As usual after the browser was started anew.
        Err(text::export_not_granted_now().to_owned())
    } else {
        Err(text::export_not_granted().to_owned())
    }
}

/// Asks for a folder and keeps it.
pub async fn choose_folder(till: Till) -> Result<Object, String> {
    let options = object(&[("mode", "readwrite".into()), ("id", "holdfast-exports".into())]);
    let folder = method(&window(), "showDirectoryPicker", &[options]).await?;
    let folder: Object = folder.unchecked_into();
    if let Some(journal) = till.journal() {
        journal.save_export_folder(&folder).await.map_err(|error| error.to_string())?;
    }
    Ok(folder)
}

async fn is_granted(folder: &Object, name: &str) -> bool {
    let mode = object(&[("mode", "readwrite".into())]);
    method(folder, name, &[mode]).await.is_ok_and(|state| state.as_string().as_deref() == Some("granted"))
}

/// `holdfast-2-2026-11-26-140512`, by the register's clock.
pub fn file_name(till: Till, at_ms: i64) -> String {
    let number =
        till.register.with_untracked(|register| register.as_ref().map_or(0, |register| register.number));
    #[expect(clippy::cast_precision_loss, reason = "exact to 2^53 ms, some 285,000 years")]
    let at = js_sys::Date::new(&JsValue::from_f64(at_ms as f64));
    format!(
        "holdfast-{number}-{}-{:02}-{:02}-{:02}{:02}{:02}{FILE_NAME_END}",
        at.get_full_year(),
        at.get_month() + 1,
        at.get_date(),
        at.get_hours(),
        at.get_minutes(),
        at.get_seconds()
    )
}

/// Writes a file into a folder; it is there when this has ended.
pub async fn into_folder(folder: &Object, name: &str, file: &Blob) -> Result<(), String> {
    let create = object(&[("create", JsValue::TRUE)]);
    let handle = method(folder, "getFileHandle", &[name.into(), create]).await?;
    let writable = method(&handle, "createWritable", &[]).await?;
    method(&writable, "write", &[file.into()]).await?;
    method(&writable, "close", &[]).await?;
    Ok(())
}

/// Hands a file to the browser's downloads.
pub fn as_download(name: &str, file: &Blob) -> Result<(), String> {
    let failed = |error: JsValue| error_text(&error);
    let address = Url::create_object_url_with_blob(file).map_err(failed)?;
    let link = document().create_element("a").map_err(failed)?;
    link.set_attribute("href", &address).map_err(failed)?;
    link.set_attribute("download", name).map_err(failed)?;
    link.unchecked_into::<HtmlElement>().click();
    set_timeout(
        move || {
            if Url::revoke_object_url(&address).is_err() {
                leptos::logging::warn!("an export stays in memory");
            }
        },
        DOWNLOAD_WITHIN,
    );
    Ok(())
}

/// Calls a method that gives a promise, and waits for it.
async fn method(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, String> {
    let missing = || Err(JsValue::from_str(text::export_no_folders()));
    let promise = call(of, name, arguments).unwrap_or_else(missing).map_err(|error| error_text(&error))?;
    JsFuture::from(promise.unchecked_into::<Promise>()).await.map_err(|error| error_text(&error))
}
