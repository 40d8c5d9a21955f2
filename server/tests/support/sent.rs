//! Files as a browser sends them: in an object, as base64; and archives to be sent. Beside `support/app.rs`.

use std::io::{Cursor, Write as _};

use axum::body::Body;
use axum::http::{Method, header};
use base64::Engine as _;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::support::{Answer, TestApp, Who, request};

/// A call with an object, from the page itself.
pub async fn call(app: &TestApp, who: Who, path: &str, body: &Value) -> Answer {
    let request = request(who, Method::POST, path)
        .header(header::CONTENT_TYPE, "application/json")
        .header("sec-fetch-site", "same-origin");
    app.send(request.body(Body::from(body.to_string())).unwrap())
        .await
}

/// A file in an object.
pub fn encoded(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// An archive of these entries.
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
