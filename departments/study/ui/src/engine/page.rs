//! The page's side: a worker, begun when something is first asked.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::talk::{Answer, Ask};

/// The engine of a page. Cheap to copy into handlers; it ends with its owner.
#[derive(Clone, Copy)]
pub(crate) struct Engine(StoredValue<Option<Rc<Begun>>, LocalStorage>);

/// Who waits for which answer.
type Waiting = Rc<RefCell<HashMap<u32, Function>>>;

struct Begun {
    worker: Worker,
    waiting: Waiting,
    /// Something in it has failed: what it is asked now it may never answer.
    broken: Rc<Cell<bool>>,
    next: RefCell<u32>,
    _hears: Closure<dyn Fn(MessageEvent)>,
    _fails: Closure<dyn Fn(JsValue)>,
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.worker.terminate();
        // whoever still waits is told that nothing comes
        for (_, answer) in self.waiting.take() {
            let _ = answer.call0(&JsValue::NULL);
        }
    }
}

impl Engine {
    /// None yet.
    pub fn new() -> Self {
        let this = Self(StoredValue::new_local(None));
        on_cleanup(move || this.end());
        this
    }

    /// Asks; `None` if there is no engine here (an old browser, files that did not arrive), or it was ended meanwhile. One whose files did
    /// not arrive is begun anew by the next question: the network may have come back.
    pub async fn ask(self, ask: &Ask) -> Option<Answer> {
        let text = serde_json::to_string(ask).ok()?;
        let begun = self.0.try_with_value(Clone::clone)?;
        let begun = match begun {
            Some(begun) if !begun.broken.get() => begun,
            _ => {
                let begun = Rc::new(begin()?);
                self.0.try_set_value(Some(Rc::clone(&begun)));
                begun
            }
        };
        let id = begun.next.replace_with(|n| n.wrapping_add(1));
        let promise = Promise::new(&mut |resolve, _| {
            begun.waiting.borrow_mut().insert(id, resolve);
        });
        let message = Object::new();
        Reflect::set(&message, &"id".into(), &id.to_string().into()).ok()?;
        Reflect::set(&message, &"ask".into(), &text.into()).ok()?;
        begun.worker.post_message(&message).ok()?;
        drop(begun);
        let answer = JsFuture::from(promise).await.ok()?.as_string()?;
        serde_json::from_str(&answer).ok()
    }

    /// Ends it, whatever it is at; the next question begins another one.
    pub fn end(self) {
        let _ = self.0.try_set_value(None);
    }
}

/// How many threads this device works on at once; 1 where the browser does not say.
pub(crate) fn cores() -> usize {
    let navigator = web_sys::window().map(|window| window.navigator());
    let cores = navigator.and_then(|n| Reflect::get(&n, &"hardwareConcurrency".into()).ok());
    let cores = cores.and_then(|n| n.as_f64()).unwrap_or(1.0);
    usize::try_from(Duration::try_from_secs_f64(cores).unwrap_or_default().as_secs()).unwrap_or(1)
}

/// Begins a worker with the files of this page's build.
fn begin() -> Option<Begun> {
    let (script, wasm) = files()?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options("/engine.js", &options).ok()?;
    let waiting = Waiting::default();
    let hears = {
        let waiting = Rc::clone(&waiting);
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            let get = |key: &str| Reflect::get(&data, &key.into()).unwrap_or(JsValue::UNDEFINED);
            let id = get("id").as_string().and_then(|id| id.parse().ok());
            let answer = id.and_then(|id: u32| waiting.borrow_mut().remove(&id));
            if let Some(answer) = answer {
                let _ = answer.call1(&JsValue::NULL, &get("answer"));
            }
        })
    };
    worker.set_onmessage(Some(hears.as_ref().unchecked_ref()));
    // a worker that could not be begun answers nobody
    let broken = Rc::new(Cell::new(false));
    let fails = {
        let (waiting, broken) = (Rc::clone(&waiting), Rc::clone(&broken));
        Closure::<dyn Fn(JsValue)>::new(move |_| {
            broken.set(true);
            for (_, answer) in waiting.take() {
                let _ = answer.call0(&JsValue::NULL);
            }
        })
    };
    worker.set_onerror(Some(fails.as_ref().unchecked_ref()));
    let message = Object::new();
    Reflect::set(&message, &"script".into(), &script.into()).ok()?;
    Reflect::set(&message, &"wasm".into(), &wasm.into()).ok()?;
    worker.post_message(&message).ok()?;
    Some(Begun {
        worker,
        waiting,
        broken,
        next: RefCell::new(0),
        _hears: hears,
        _fails: fails,
    })
}

/// The script and the wasm that this page was begun with.
fn files() -> Option<(String, String)> {
    let document = web_sys::window()?.document()?;
    let link = |selector: &str| {
        let link = document.query_selector(selector).ok().flatten()?;
        let href = link.get_attribute("href")?;
        let base = document.base_uri().ok().flatten()?;
        web_sys::Url::new_with_base(&href, &base)
            .ok()
            .map(|url| url.href())
    };
    Some((
        link("link[rel=modulepreload][href*='/pkg/parta.']")?,
        link("link[rel=preload][href*='/pkg/parta.'][href$='.wasm']")?,
    ))
}
