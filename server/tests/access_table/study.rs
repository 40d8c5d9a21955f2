//! The timetable, the import, and the roll.

use super::support::Call::{Get, Json};
use super::{Row, row};

/// A file that lacks almost everything.
const FILE: &str = r#"{"file":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.2.7\"><Institution_Name>x</Institution_Name></fet>"}"#;

/// A list of one pupil for 7А, whom nobody knows.
const LIST: &str = r#"{"file":"0KTQmNCeO9CU0LDRgtCwINGA0L7QttC00LXQvdC40Y870JrQu9Cw0YHRgQrQmtC+0YLQvtCyINCf0ZHRgtGAOzA1LjA5LjIwMTM7N9CQCg==","columns":null,"since":"year","without_bad":false}"#;

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //                                                     nobody deputy teacher other admin mother father pupil stranger parent newcomer
    row("timetable/versions", Get(""),                     [401, 200, 200, 200, 404, 200, 200, 200, 200, 200, 403]),
    // version 600 is in force: the families of the school may look at it
    row("timetable/board", Get("version=600"),             [401, 200, 200, 200, 404, 200, 200, 200, 404, 404, 403]),
    row("timetable/create_draft", Json(r#"{"source":{"copy":600},"title":"Новая"}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("timetable/rename_draft", Json(r#"{"version":601,"seen":"Черновик","title":"Иначе"}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("timetable/delete_draft", Json(r#"{"version":601}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("timetable/save_moves", Json(r#"{"version":601,"base_revision":0,"op":"11111111-1111-4111-8111-111111111111","moves":[
            {"card":11,"old":{"seat":{"day":0,"slot":0,"room":300},"locked":false},"new":{"seat":null,"locked":false}}]}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("timetable/publish", Json(r#"{"version":601,"valid_from":"2026-11-23"}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    // 600 is the only one: without it there are no lessons for 7А
    row("timetable/withdrawal", Json(r#"{"version":600,"from":"2026-11-30"}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("timetable/withdraw", Json(r#"{"version":600,"from":"2026-11-30","reason":"По ошибке","known":{"lessons":0,"classes":1}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("timetable/change_load", Json(r#"{"version":601,"load":500,"remove":null}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("export/look", Get("version=600"),                 [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("export/file", Get("version=600&format=fet"),      [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("compose/start", Json(r#"{"version":601,"keep":{"placed":true,"days":[],"classes":[]},"seconds":10,"seed":1}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("compose/watch", Get("version=601"),               [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("compose/follow", Get("version=601"),              [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("compose/left_out", Get("version=601"),            [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("compose/compare", Get("first=601&second=601"),    [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("compose/weigh", Get("first=600&second=601"),      [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("compose/bring", Json(r#"{"brought":{"version":601,"seconds":10,"spent_ms":5,"places":[]}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("compose/stop", Json(r#"{"run":650}"#),            [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("requirement/sheet", Get(""),                      [401, 200, 200, 200, 404, 404, 404, 404, 200, 404, 403]),
    row("requirement/save_hours", Json(r#"{"who":{"teacher":1200},"seen":[{"day":4,"slot":6,"weight":"must"}],"hours":[{"day":1,"slot":0,"weight":"rather"}]}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("requirement/save", Json(r#"{"at":[1,0],"terms":{"kind":"teacher_lessons_a_day","target":{"teacher":1200},"value":4,"room_kind":null,
            "rooms":[],"weight":"must","valid_from":null,"valid_to":null}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("requirement/remove", Json(r#"{"id":1,"revision":0}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("requirement/save_template", Json(r#"{"subject":401,"seen":"иностранный","template":"русский"}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("requirement/save_home_room", Json(r#"{"class":100,"seen":null,"room":301}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("bells/sheet", Get(""),                            [401, 200, 200, 200, 404, 200, 200, 200, 200, 200, 403]),
    row("bells/save", Json(r#"{"at":[1,{"title":"Обычное","shift":1,"lessons":[{"number":1,"starts":"08:30:00","ends":"09:15:00"},{"number":2,"starts":"09:25:00","ends":"10:10:00"},{"number":3,"starts":"10:30:00","ends":"11:15:00"}],"uses":[[7,1],[7,2],[7,3],[7,4],[7,5]]}],
            "terms":{"title":"Обычное","shift":1,"lessons":[{"number":1,"starts":"08:30:00","ends":"09:15:00"},{"number":2,"starts":"09:25:00","ends":"10:10:00"},{"number":3,"starts":"10:20:00","ends":"11:05:00"}],"uses":[[7,1],[7,2],[7,3],[7,4],[7,5]]},"others":[],"known":[]}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("bells/remove", Json(r#"{"id":3,"seen":{"title":"Сокращённые","shift":1,"lessons":[{"number":1,"starts":"08:30:00","ends":"09:00:00"}],"uses":[]}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("building/save", Json(r#"{"at":[1,{"name":"Главное","address":null}],"terms":{"name":"Начальная школа","address":null}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("building/remove", Json(r#"{"id":1,"seen":{"name":"Главное","address":null}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("building/save_walk", Json(r#"{"between":[1,2],"seen":7,"minutes":12}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("building/save_room", Json(r#"{"room":300,"seen":{"building":null,"floor":null},"spot":{"building":1,"floor":2}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("building/save_use", Json(r#"{"room":300,"seen":{"kind":"ordinary","seats":30,"shared_by":1},"of":{"kind":"gym","seats":60,"shared_by":2}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    // whoever may is told what is wrong with the file
    row("import/preview_fet", Json(FILE),                  [401, 422, 403, 403, 404, 404, 404, 404, 422, 404, 403]),
    row("import/fet", Json(FILE),                          [401, 422, 403, 403, 404, 404, 404, 404, 422, 404, 403]),
    row("roll/classes", Get(""),                           [401, 200, 200, 200, 200, 404, 404, 404, 200, 404, 403]),
    row("roll/class", Get("class=100"),                    [401, 200, 200, 200, 200, 404, 404, 404, 404, 404, 403]),
    row("roll/preview", Json(LIST),                        [401, 200, 403, 403, 200, 404, 404, 404, 200, 404, 403]),
    row("roll/import", Json(LIST),                         [401, 200, 403, 403, 200, 404, 404, 404, 200, 404, 403]).fresh(),
    row("roll/save_split", Json(r#"{"class":100,"split":"Англ","seats":[{"pupil":1001,"old":150,"new":151}],"since":"today"}"#),
                                                           [401, 200, 403, 403, 200, 404, 404, 404, 404, 404, 403]).fresh(),
];
