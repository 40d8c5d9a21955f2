//! Who may open what page.

/// One route: its pattern, a sample address, and what it answers whom.
pub struct Page {
    pub pattern: &'static str,
    pub path: &'static str,
    /// nobody, deputy, teacher, other teacher, administrator, mother, father, pupil, stranger, stranger parent, newcomer
    pub status: [u16; 11],
}

const fn page(pattern: &'static str, path: &'static str, status: [u16; 11]) -> Page {
    Page {
        pattern,
        path,
        status,
    }
}

#[rustfmt::skip]
pub const PAGES: &[Page] = &[
    //                                                     nobody deputy teacher other admin mother father pupil stranger parent newcomer
    page("/", "/",                                         [302, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302]),
    page("/sign-in", "/sign-in",                           [200, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302]),
    page("/password", "/password",                         [302, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    page("/account", "/account",                           [302, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    // the diary of the own child, or of oneself: staff have none
    page("/diary", "/diary",                               [302, 404, 404, 404, 404, 200, 200, 200, 404, 200, 302]),
    page("/diary/{pupil}", "/diary/1001",                  [302, 200, 200, 404, 404, 200, 404, 200, 404, 404, 302]),
    page("/diary/{pupil}/{monday}", "/diary/1001/2026-11-16", [302, 200, 200, 404, 404, 200, 404, 200, 404, 404, 302]),
    page("/diary/{pupil}/subjects", "/diary/1001/subjects", [302, 200, 200, 404, 404, 200, 404, 200, 404, 404, 302]),
    // a family's own
    page("/calendar/{pupil}", "/calendar/1001",            [302, 404, 404, 404, 404, 200, 404, 200, 404, 404, 302]),
    page("/disputes", "/disputes",                         [302, 200, 200, 200, 404, 200, 200, 200, 200, 200, 302]),
    page("/disputes/{pupil}/{assignment}", "/disputes/1001/800", [302, 200, 200, 404, 404, 200, 404, 200, 404, 404, 302]),
    page("/disputes/{pupil}/period/{mark}", "/disputes/1001/period/1", [302, 200, 200, 404, 404, 200, 404, 200, 404, 404, 302]),
    page("/absences/{pupil}", "/absences/1001",            [302, 200, 200, 404, 404, 200, 404, 200, 404, 404, 302]),
    page("/notices", "/notices",                           [302, 200, 200, 200, 404, 200, 200, 200, 200, 200, 302]),
    page("/notices/settings", "/notices/settings",         [302, 200, 200, 200, 404, 200, 200, 200, 200, 200, 302]),
    page("/attendance", "/attendance",                     [302, 200, 200, 200, 404, 404, 404, 404, 200, 404, 302]),
    page("/attendance/{class}", "/attendance/100",         [302, 200, 200, 404, 404, 404, 404, 404, 404, 404, 302]),
    page("/acknowledgements/{class}", "/acknowledgements/100", [302, 200, 200, 404, 404, 404, 404, 404, 404, 404, 302]),
    page("/exemptions/{class}", "/exemptions/100",         [302, 200, 200, 404, 200, 404, 404, 404, 404, 404, 302]),
    page("/journal", "/journal",                           [302, 200, 200, 200, 404, 404, 404, 404, 200, 404, 302]),
    page("/journal/rules", "/journal/rules",               [302, 200, 200, 200, 404, 404, 404, 404, 200, 404, 302]),
    page("/journal/scales", "/journal/scales",             [302, 200, 200, 200, 404, 404, 404, 404, 200, 404, 302]),
    page("/journal/periods", "/journal/periods",           [302, 200, 403, 403, 404, 404, 404, 404, 200, 404, 302]),
    page("/journal/{load}", "/journal/500",                [302, 200, 200, 404, 404, 404, 404, 404, 404, 404, 302]),
    page("/journal/{load}/plan", "/journal/500/plan",      [302, 200, 200, 404, 404, 404, 404, 404, 404, 404, 302]),
    page("/journal/{load}/plan/import", "/journal/500/plan/import",
                                                           [302, 200, 200, 404, 404, 404, 404, 404, 404, 404, 302]),
    page("/assessments", "/assessments",                   [302, 200, 404, 404, 404, 404, 404, 404, 200, 404, 302]),
    page("/assessments/{load}", "/assessments/500",        [302, 200, 200, 404, 404, 404, 404, 404, 404, 404, 302]),
    page("/distance", "/distance",                         [302, 200, 404, 404, 404, 404, 404, 404, 200, 404, 302]),
    page("/cancellations", "/cancellations",               [302, 200, 404, 404, 404, 404, 404, 404, 200, 404, 302]),
    page("/substitutions", "/substitutions",               [302, 200, 404, 404, 404, 404, 404, 404, 200, 404, 302]),
    page("/deadlines", "/deadlines",                       [302, 200, 200, 200, 404, 404, 404, 404, 200, 404, 302]),
    page("/deviations", "/deviations",                     [302, 200, 404, 404, 404, 404, 404, 404, 200, 404, 302]),
    page("/owed", "/owed",                                 [302, 200, 200, 200, 404, 404, 404, 404, 200, 404, 302]),
    page("/journal/{load}/totals", "/journal/500/totals",  [302, 200, 200, 404, 404, 404, 404, 404, 404, 404, 302]),
    // of the class that one leads, of the journals that one teaches, of the school
    page("/sheets", "/sheets",                             [302, 200, 200, 200, 404, 404, 404, 404, 200, 404, 302]),
    page("/sheets/{pupil}", "/sheets/1001",                [302, 200, 200, 404, 404, 200, 404, 200, 404, 404, 302]),
    page("/timetable", "/timetable",                       [302, 200, 200, 200, 404, 200, 200, 200, 200, 200, 302]),
    // others see what is asked of all, and their own hours
    page("/timetable/requirements", "/timetable/requirements", [302, 200, 200, 200, 404, 404, 404, 404, 200, 404, 302]),
    // when lessons ring is everyone's who sees the timetable
    page("/timetable/bells", "/timetable/bells",           [302, 200, 200, 200, 404, 200, 200, 200, 200, 200, 302]),
    page("/timetable/compare", "/timetable/compare?first=600&second=601", [302, 200, 403, 403, 404, 404, 404, 404, 404, 404, 302]),
    // holds no data: the browser asks `timetable/board`, whose row says who may
    page("/timetable/{version}", "/timetable/601",         [302, 200, 200, 200, 200, 200, 200, 200, 200, 200, 302]),
    page("/timetable/{version}/export", "/timetable/600/export", [302, 200, 403, 403, 404, 404, 404, 404, 404, 404, 302]),
    // an empty form; who may not import is told so
    page("/import", "/import",                             [302, 200, 403, 403, 404, 403, 403, 403, 200, 403, 302]),
    page("/classes", "/classes",                           [302, 200, 200, 200, 200, 404, 404, 404, 200, 404, 302]),
    // who may see the classes but not load lists is told so
    page("/classes/import", "/classes/import",             [302, 200, 403, 403, 200, 404, 404, 404, 200, 404, 302]),
    page("/classes/{class}", "/classes/100",               [302, 200, 200, 200, 200, 404, 404, 404, 404, 404, 302]),
    page("/accounts", "/accounts",                         [302, 404, 404, 404, 200, 404, 404, 404, 200, 404, 302]),
    page("/accounts/{group}", "/accounts/100",             [302, 404, 404, 404, 200, 404, 404, 404, 404, 404, 302]),
];
