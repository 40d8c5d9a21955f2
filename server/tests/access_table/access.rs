//! Sign-in, one's own account, positions; accounts of the school's people.

use super::support::Call::{Form, Get, Json};
use super::{Row, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //                                                     nobody deputy teacher other admin mother father pupil stranger parent newcomer
    // nobody has a password here: the sample is refused before attempts are counted, for everyone
    row("access/sign_in", Form("login=&password=x"),       [422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    row("access/change_password", Form("old=x&new=xxxxxxxxxxxx"),
                                                           [401, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    row("access/sign_out", Form(""),                       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("access/me", Get(""),                              [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("access/devices", Get(""),                         [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("access/phone", Get(""),                           [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    // nobody has a password here, see above; an issued one ties no number to an account
    row("access/set_phone", Form("phone=89161234567&old=x"),
                                                           [401, 422, 422, 422, 422, 422, 422, 422, 422, 422, 403]),
    // the teacher's session
    row("access/revoke_device", Form("session=00000000-0000-4000-8000-000000000002"),
                                                           [401, 404, 200, 404, 404, 404, 404, 404, 404, 404, 404]),
    row("access/revoke_others", Form(""),                  [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("access/set_language", Form("lang=en"),            [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    row("access/set_theme", Form("theme=dark"),            [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    // the mother's other school
    row("access/switch_position", Form("position=guardian:20"),
                                                           [401, 404, 404, 404, 404, 200, 404, 404, 404, 200, 404]),
    row("accounts/groups", Get(""),                        [401, 404, 404, 404, 200, 404, 404, 404, 200, 404, 403]),
    row("accounts/group", Get("group=100"),                [401, 404, 404, 404, 200, 404, 404, 404, 404, 404, 403]),
    // pupil 1002, who has no account
    row("accounts/issue", Json(r#"{"group":{"class":100},"people":[12]}"#),
                                                           [401, 404, 404, 404, 200, 404, 404, 404, 404, 404, 403]).fresh(),
    row("accounts/reissue", Json(r#"{"person":12}"#),      [401, 404, 404, 404, 200, 404, 404, 404, 404, 404, 403]).fresh(),
];
