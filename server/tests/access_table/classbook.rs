//! The journal and the diary.

use super::support::Call::{Get, Json};
use super::{Row, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //                                                     nobody deputy teacher other admin mother father pupil stranger parent newcomer
    // pupil 1001 of class 7А
    row("diary/week", Get("pupil=1001&date=2026-11-17"),   [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("diary/subjects", Get("pupil=1001"),               [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("diary/seen", Json(r#"{"pupil":1001,"shown":"2026-11-17T08:59:00Z"}"#),
                                                           [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
];
