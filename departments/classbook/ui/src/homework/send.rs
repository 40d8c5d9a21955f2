//! A file on its way to the server, with its progress. `fetch` tells nothing of how much has gone, so the older
//! `XMLHttpRequest` does it; it is reached by its names, for one place is not worth another part of `web-sys`.

use base::{AppError, IndividualHomeworkId, LessonId};
use classbook_core::homework::Attached;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Sends a file; `progress` holds how much of it has gone, in per cent.
///
/// # Errors
/// The server's refusal; [`AppError::Network`] where it did not answer.
pub async fn send(
    lesson: LessonId,
    individual: Option<IndividualHomeworkId>,
    file: &web_sys::File,
    progress: RwSignal<f64>,
) -> Result<Attached, AppError> {
    let name = String::from(js_sys::encode_uri_component(&file.name()));
    let individual = individual.map(|i| format!("&individual={i}")).unwrap_or_default();
    let address = format!("/files/homework?lesson={lesson}&name={name}{individual}");
    let (status, text) = post(&address, file, progress).await.ok_or(AppError::Network)?;
    match status {
        200 => serde_json::from_str(&text).map_err(|_| AppError::Network),
        _ => Err(serde_json::from_str(&text).unwrap_or(AppError::Network)),
    }
}

/// Status and text of the answer; `None` where none came.
async fn post(address: &str, file: &web_sys::File, progress: RwSignal<f64>) -> Option<(u16, String)> {
    let window = web_sys::window()?;
    let make: Function = Reflect::get(&window, &"XMLHttpRequest".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let request = Reflect::construct(&make, &Array::new()).ok()?;
    let on_progress = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let number = |name: &str| Reflect::get(&event, &name.into()).ok().and_then(|v| v.as_f64());
        if let (Some(loaded), Some(total)) = (number("loaded"), number("total"))
            && total > 0.0
        {
            progress.try_set(100.0 * loaded / total);
        }
    });
    let upload = Reflect::get(&request, &"upload".into()).ok()?;
    Reflect::set(&upload, &"onprogress".into(), on_progress.as_ref()).ok()?;
    // comes after every end: answered, cut, given up
    let ended = Promise::new(&mut |resolve, _| {
        let _ = Reflect::set(&request, &"onloadend".into(), &resolve);
    });
    call(&request, "open", &["POST".into(), address.into()])?;
    call(
        &request,
        "setRequestHeader",
        &["content-type".into(), "application/octet-stream".into()],
    )?;
    call(
        &request,
        "setRequestHeader",
        &["accept".into(), "application/json".into()],
    )?;
    call(&request, "send", &[JsValue::from(file.clone())])?;
    JsFuture::from(ended).await.ok()?;
    let status = Reflect::get(&request, &"status".into()).ok()?.as_f64()?;
    let text = Reflect::get(&request, &"responseText".into()).ok()?.as_string()?;
    // 0: no answer
    let status = [200u16, 401, 403, 404, 409, 413, 422, 429, 500, 503]
        .into_iter()
        .find(|s| f64::from(*s) == status)?;
    Some((status, text))
}

fn call(on: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: Function = Reflect::get(on, &method.into()).ok()?.dyn_into().ok()?;
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    Reflect::apply(&function, on, &list).ok()
}
