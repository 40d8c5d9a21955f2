//! The journal and the diary.

use super::support::Call::{Form, Get, Json};
use super::{Row, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //                                                     nobody deputy teacher other admin mother father pupil stranger parent newcomer
    // pupil 1001 of class 7А
    row("diary/week", Get("pupil=1001&date=2026-11-17"),   [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("diary/subjects", Get("pupil=1001"),               [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("diary/topics", Get("pupil=1001&subject=400&period=2"), [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("diary/seen", Json(r#"{"pupil":1001,"shown":"2026-11-17T08:59:00Z"}"#),
                                                           [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    // addresses are a family's own: staff have none, a pupil does not end the mother's
    row("feed/list", Get("pupil=1001"),                    [401, 404, 404, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("feed/make", Form("pupil=1001"),                   [401, 404, 404, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("feed/revoke", Form("feed=00000000-0000-4000-8000-0000000000f1"),
                                                           [401, 404, 404, 404, 404, 200, 404, 404, 404, 404, 403]).fresh(),
    // what was asked about the five of pupil 1001 in load 500
    row("dispute/list", Get(""),                           [401, 200, 200, 200, 404, 200, 200, 200, 200, 200, 403]),
    row("dispute/waiting", Get(""),                        [401, 200, 200, 200, 404, 404, 404, 404, 200, 404, 403]),
    row("dispute/of_mark", Get("pupil=1001&assignment=800"), [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    // the question lies there already; who sees the mark but is no family asks nothing
    row("dispute/ask", Form("pupil=1001&assignment=800&text=x"),
                                                           [401, 403, 403, 404, 404, 422, 404, 422, 404, 404, 403]),
    row("dispute/say", Form("dispute=1&text=x"),           [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]).fresh(),
    // a teacher answers; whether it is settled is said by the family or the deputy
    row("dispute/close", Form("dispute=1"),                [401, 200, 403, 404, 404, 200, 404, 200, 404, 404, 403]).fresh(),
    row("dispute/set_days", Form("days=5"),                [401, 200, 404, 404, 404, 404, 404, 404, 200, 404, 403]).fresh(),
    // what a family is told; it names no child but one's own
    row("notice/list", Get(""),                            [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    row("notice/unread", Get(""),                          [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    row("notice/seen", Json(r#"{"upto":1}"#),              [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    row("notice/choices", Get(""),                         [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    row("notice/choose", Json(r#"{"pupil":1001,"kind":"mark_new","channel":"app","on":false}"#),
                                                           [401, 404, 404, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("diary/watch", Get("pupil=1001&since=2026-11-17T08:59:00Z&once=true"),
                                                           [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    // the server of the tests sends no letters, so nobody waits for digits
    row("notice/email", Get(""),                           [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    row("notice/set_email", Form("address=a@example.org&hour=18"),
                                                           [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("notice/confirm_email", Form("code=000000"),       [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("notice/forget_email", Form(""),                   [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    // devices are each person's own; the mother's is in the fixture
    row("notice/devices", Get(""),                         [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    row("notice/subscribe", Json(r#"{"subscription":{"endpoint":"https://push.example.org/new","p256dh":"BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU","auth":"AAAAAAAAAAAAAAAAAAAAAA"}}"#),
                                                           [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    row("notice/unsubscribe", Json(r#"{"device":"00000000-0000-4000-8000-0000000000d1"}"#),
                                                           [401, 404, 404, 404, 404, 200, 404, 404, 404, 404, 403]).fresh(),
    row("notice/show", Json(r#"{"device":"00000000-0000-4000-8000-0000000000d1","detailed":true}"#),
                                                           [401, 404, 404, 404, 404, 200, 404, 404, 404, 404, 403]),
    row("notice/news", Get("device=00000000-0000-4000-8000-0000000000d1"),
                                                           [401, 404, 404, 404, 404, 200, 404, 404, 404, 404, 403]),
    row("notice/set_quiet", Json(r#"{"quiet":{"from":23,"to":6}}"#),
                                                           [401, 404, 404, 404, 404, 200, 200, 200, 404, 200, 403]),
    // the teacher leads the class of pupil 1001; a pupil reads and excuses nobody
    row("absence/list", Get("pupil=1001"),                 [401, 200, 200, 404, 404, 200, 404, 200, 404, 404, 403]),
    row("absence/tell", Form("pupil=1001&starts_on=2026-11-19&ends_on=2026-11-20&reason=x"),
                                                           [401, 403, 403, 404, 404, 200, 404, 403, 404, 404, 403]),
    row("absence/withdraw", Form("note=1"),                [401, 403, 403, 404, 404, 200, 404, 403, 404, 404, 403]),
    row("absence/document", Form("note=1"),                [401, 200, 200, 404, 404, 403, 404, 403, 404, 404, 403]),
    row("absence/ahead", Get(""),                          [401, 200, 200, 200, 404, 404, 404, 404, 200, 404, 403]),
    // load 500, which the teacher teaches; lesson 700 and its work 800 are of it
    row("journal/list", Get(""),                           [401, 200, 200, 200, 404, 404, 404, 404, 200, 404, 403]),
    row("journal/grid", Get("load=500"),                   [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("journal/follow", Get("load=500&once=true"),       [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("journal/save_cells", Json(r#"{"batch":{"person":{person},"school":{school},"edits":[{"op_id":"11111111-1111-4111-8111-111111111111",
            "expected":0,"change":{"to":"mark","lesson":700,"assignment":800,"pupil":1003,"code":"4","comment":null}}]}}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("journal/history", Json(r#"{"place":{"mark":{"lesson":700,"assignment":800,"pupil":1001}}}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("journal/save_work", Json(r#"{"op_id":"11111111-1111-4111-8111-111111111111",
            "edit":{"id":null,"lesson":701,"work_type":2,"title":"Контрольная","weight":300,"expected":0}}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("deadline/mine", Get(""),                          [401, 200, 200, 200, 404, 404, 404, 404, 200, 404, 403]),
    row("deadline/board", Get(""),                         [401, 200, 404, 404, 404, 404, 404, 404, 200, 404, 403]),
    row("deadline/lessons", Get("teacher=1200"),           [401, 200, 404, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("deadline/save", Json(r#"{"term":{"valid_from":"2026-11-20","terms":{"topic_days":1,"homework_days":1,"marks_days":2,"homework_each":false,"act":null}},"revision":0}"#),
                                                           [401, 200, 404, 404, 404, 404, 404, 404, 200, 404, 403]).fresh(),
    // a row that school 20 does not have
    row("deadline/remove", Json(r#"{"valid_from":"2026-09-01","revision":1}"#),
                                                           [401, 200, 404, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    // the plan of load 500 is at revision 3, and has been changed before
    row("plan/book", Get("load=500"),                      [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("plan/change", Json(r#"{"load":500,"revision":3,"act":{"act":"remove","row":1}}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("plan/undo", Json(r#"{"load":500,"revision":3}"#), [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    // to load 502, the same subject in 7Б, of which the teacher is another one
    row("plan/copy", Json(r#"{"from":500,"to":502,"revision":0}"#),
                                                           [401, 200, 404, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    // «Тема;Часы / Дроби;2»
    row("plan/preview", Json(r#"{"load":500,"file":"0KLQtdC80LA70KfQsNGB0YsK0JTRgNC+0LHQuDsyCg==","columns":null}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("plan/import", Json(r#"{"load":500,"revision":3,"file":"0KLQtdC80LA70KfQsNGB0YsK0JTRgNC+0LHQuDsyCg==","columns":null,"append":false,"without_bad":false}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("grading/totals", Get("load=500"),                 [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("grading/save_totals", Json(r#"{"load":500,"edits":[{"pupil":1003,"stage":{"period":2},"code":"4","reason":null,"expected":0}]}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("grading/behind", Json(r#"{"load":500,"pupil":1001,"stage":{"period":2}}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]),
    row("grading/calendar", Get(""),                       [401, 200, 403, 403, 404, 404, 404, 404, 200, 404, 403]),
    row("grading/save_system", Json(r#"{"at":[5,{"kind":"quarter","title":"Четверти","spans":[{"from":"2026-09-01","to":"2026-10-25"},{"from":"2026-11-02","to":"2026-12-27"}]}],
            "terms":{"kind":"quarter","title":"Четверти","spans":[{"from":"2026-09-01","to":"2026-10-25"},{"from":"2026-11-02","to":"2026-12-28"}]}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("grading/assign_grade", Json(r#"{"grade":7,"seen":5,"system":5}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]),
    row("grading/save_holiday", Json(r#"{"at":[1,{"title":"Осенние","span":{"from":"2026-10-26","to":"2026-11-01"},"grade":null}],
            "terms":{"title":"Осенние каникулы","span":{"from":"2026-10-26","to":"2026-11-01"},"grade":null}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("grading/remove_holiday", Json(r#"{"holiday":1,"seen":{"title":"Осенние","span":{"from":"2026-10-26","to":"2026-11-01"},"grade":null}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("grading/lock_period", Json(r#"{"period":2,"close":true,"reason":"Отметки сданы"}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    // the first quarter of load 500 is closed
    row("grading/ask_change", Json(r#"{"load":500,"period":1,"text":"Пропущена контрольная"}"#),
                                                           [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("grading/answer_change", Json(r#"{"request":1,"hours":24,"note":null}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("grading/rules", Get(""),                          [401, 200, 200, 200, 404, 404, 404, 404, 200, 404, 403]),
    // rule 1 of school 10 was the last one seen
    row("grading/add_rule", Json(r#"{"op_id":"11111111-1111-4111-8111-111111111112","seen":1,"reason":null,"terms":{"grade_from":0,"grade_to":12,
            "valid_from":"2027-01-11","weighted":true,"five_from":460,"four_from":360,"three_from":260,"year_up":50,
            "minimums":[{"week_hours":0,"marks":3}],"first_grade":false,"class_average":true,"rewritten":"both",
            "act_number":"17","act_date":"2026-12-20"}}"#),
                                                           [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    // begins next year: not yet in force
    row("grading/withdraw_rule", Json(r#"{"rule":1}"#),    [401, 200, 403, 403, 404, 404, 404, 404, 404, 404, 403]).fresh(),
    row("journal/remove_work", Json(r#"{"assignment":801}"#), [401, 200, 200, 404, 404, 404, 404, 404, 404, 404, 403]).fresh(),
];
