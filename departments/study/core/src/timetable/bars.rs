//! What closes cells to a card, in words.

use base::Lang;
use timetable::LimitKind;
use timetable::why::Bar;

use super::board::BoardData;
use crate::t;

/// «Волкова Е. А.: ведёт другие уроки».
#[must_use]
pub fn closed(lang: Lang, data: &BoardData, bar: Bar) -> String {
    let class = |ix: timetable::ClassIx| data.classes.get(ix.ix()).map_or("—", |c| c.name.as_str());
    let teacher = |ix: timetable::TeacherIx| data.teachers.get(ix.ix()).map_or("—", |t| t.name.as_str());
    match bar {
        Bar::NoBell(of) => t::closed_no_bell(lang, class(of)),
        Bar::ClassAway(of) => t::closed_class_away(lang, class(of)),
        Bar::TeacherAway(who) => t::closed_teacher_away(lang, teacher(who)),
        Bar::CardAway => t::closed_card_away(lang).to_owned(),
        Bar::Partner => t::closed_partner(lang).to_owned(),
        Bar::Bound(of) => t::closed_bound(lang, super::words::bound(lang, data, of)),
        Bar::Rooming(of) => t::closed_rooming(lang, super::words::rooming(lang, data, of)),
        Bar::Spread => t::closed_spread(lang).to_owned(),
        Bar::Apart => t::closed_apart(lang).to_owned(),
        Bar::TeacherBusy(who) => t::closed_teacher_busy(lang, teacher(who)),
        Bar::ClassBusy(of) => t::closed_class_busy(lang, class(of)),
        Bar::Room(room) => {
            let name = data.rooms.get(room.ix()).map_or("—", |r| r.name.as_str());
            t::closed_room(lang, name)
        }
        Bar::NoRoom => t::closed_no_room(lang).to_owned(),
        Bar::Limit(of, kind) => limit(lang, class(of), kind),
        Bar::TeacherLimit(who, kind) => limit(lang, teacher(who), kind),
        Bar::TeacherWay(who) => t::closed_way(lang, teacher(who)),
        Bar::ClassWay(of) => t::closed_way(lang, class(of)),
    }
}

/// «7А: предел уроков за день».
#[must_use]
pub fn limit(lang: Lang, who: &str, kind: LimitKind) -> String {
    match kind {
        LimitKind::LessonsPerDay | LimitKind::LessonsPerDayWithPe => t::closed_per_day(lang, who),
        LimitKind::LessonsPerWeek => t::closed_per_week(lang, who),
        LimitKind::EarliestSlot | LimitKind::LatestSlot => t::closed_time(lang, who),
        LimitKind::SubjectPerDay => t::closed_subject(lang, who),
        LimitKind::WindowsPerDay => t::closed_windows(lang, who),
        LimitKind::PointsPerDay | LimitKind::PeakDay => t::closed_points(lang, who),
        LimitKind::LightDay | LimitKind::EdgeDay => t::closed_points(lang, who),
        LimitKind::HomeworkPerDay => t::closed_homework(lang, who),
        LimitKind::LateStart => t::closed_late_start(lang, who),
        LimitKind::LeastPerDay => t::closed_least(lang, who),
        LimitKind::LessonsInRow => t::closed_in_row(lang, who),
        LimitKind::DaysPerWeek => t::closed_days(lang, who),
        LimitKind::LeastDays => t::closed_days_least(lang, who),
        LimitKind::WindowsPerWeek => t::closed_windows_week(lang, who),
        LimitKind::MovesPerDay => t::closed_moves(lang, who),
        LimitKind::HardAtEdge | LimitKind::HardInRow => t::closed_hard(lang, who),
    }
}
