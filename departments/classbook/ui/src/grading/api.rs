//! What the browser asks about rules of marking and totals.

use base::{AppError, ClassId, LoadId, PeriodId, PupilId, RuleId};
use classbook_core::grading::periods::{
    Assignment, Calendar, Fallen, HolidayId, HolidayTerms, RequestId, SystemId, SystemTerms, Unmarked,
};
use classbook_core::grading::totals::{Behind, Giver, Stage, TotalEdit, Totals};
use classbook_core::grading::{Rules, Terms};
use classbook_core::journal::cell::{Outcome, Uuid};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The school's rules of marking.
#[server(name = RulesOf, prefix = "/api", endpoint = "grading/rules", input = GetUrl)]
pub async fn rules() -> Result<Rules, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::rules(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Adds a rule; `seen` is the last one that the person saw.
#[server(name = AddRule, prefix = "/api", endpoint = "grading/add_rule", input = Json)]
pub async fn add_rule(
    op_id: Uuid,
    seen: Option<RuleId>,
    terms: Terms,
    reason: Option<String>,
) -> Result<RuleId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::add_rule(&mut ctx, op_id, seen, terms, reason).await;
    kit::server::close(ctx, out).await
}

/// Withdraws a rule that has not begun to hold.
#[server(name = WithdrawRule, prefix = "/api", endpoint = "grading/withdraw_rule", input = Json)]
pub async fn withdraw_rule(rule: RuleId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::withdraw_rule(&mut ctx, rule).await;
    kit::server::close(ctx, out).await
}

/// The totals of a journal: marks of periods and of the year, with what is proposed.
#[server(name = TotalsOf, prefix = "/api", endpoint = "grading/totals", input = GetUrl)]
pub async fn totals(load: LoadId) -> Result<Totals, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::totals(&mut ctx, load).await;
    kit::server::close(ctx, out).await
}

/// One pupil's line of the totals.
#[server(name = LineOf, prefix = "/api", endpoint = "grading/line", input = GetUrl)]
pub async fn line(load: LoadId, pupil: PupilId) -> Result<Totals, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::line(&mut ctx, load, pupil).await;
    kit::server::close(ctx, out).await
}

/// Gives marks of periods or takes them back, each by itself.
#[server(name = SaveTotals, prefix = "/api", endpoint = "grading/save_totals", input = Json)]
pub async fn save_totals(load: LoadId, edits: Vec<TotalEdit>) -> Result<Vec<Outcome>, AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::grading::sql::save_totals(&mut ctx, load, edits).await;
    let outcomes = kit::server::close(ctx, out).await?;
    // whoever has the journal open sees them at the end of its rows
    kit::server::shared::<Live>().tell([Topic::Present(school, load)]);
    Ok(outcomes)
}

/// Says in what form the interim attestation of a journal is; `seen` is the form that the person saw.
#[server(name = SaveInterimForm, prefix = "/api", endpoint = "grading/save_interim_form", input = Json)]
pub async fn save_interim_form(
    load: LoadId,
    seen: Option<String>,
    form: Option<String>,
) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::save_interim_form(&mut ctx, load, seen, form).await;
    kit::server::close(ctx, out).await
}

/// Says what a pupil's coursework of a period is about; `topic` is the one that the person saw, and the new one. Returns the version of the
/// place.
#[server(name = SaveTopic, prefix = "/api", endpoint = "grading/save_topic", input = Json)]
pub async fn save_topic(
    load: LoadId,
    pupil: PupilId,
    period: PeriodId,
    topic: (Option<String>, Option<String>),
) -> Result<i32, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::save_topic(&mut ctx, load, pupil, period, topic).await;
    kit::server::close(ctx, out).await
}

/// What lies behind a figure of the totals.
#[server(name = BehindOf, prefix = "/api", endpoint = "grading/behind", input = Json)]
pub async fn behind(load: LoadId, pupil: PupilId, stage: Stage) -> Result<Behind, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::behind(&mut ctx, load, pupil, stage).await;
    kit::server::close(ctx, out).await
}

/// Who gave the marks of a column.
#[server(name = GiversOf, prefix = "/api", endpoint = "grading/givers", input = Json)]
pub async fn givers(load: LoadId, stage: Stage) -> Result<Vec<Giver>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::column_givers(&mut ctx, load, stage).await;
    kit::server::close(ctx, out).await
}

/// The year's periods and holidays, and teachers' questions.
#[server(name = CalendarOf, prefix = "/api", endpoint = "grading/calendar", input = GetUrl)]
pub async fn calendar() -> Result<Calendar, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::calendar(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Which lessons with marks, absences or topics would lie in no period if a system were written so.
#[server(name = FallsOut, prefix = "/api", endpoint = "grading/falls_out", input = Json)]
pub async fn falls_out(system: SystemId, terms: SystemTerms) -> Result<Vec<Fallen>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::falls_out(&mut ctx, system, &terms).await;
    kit::server::close(ctx, out).await
}

/// The same, if a grade or a class were given another system.
#[server(name = AssignmentFallsOut, prefix = "/api", endpoint = "grading/assignment_falls_out", input = Json)]
pub async fn assignment_falls_out(wish: Assignment) -> Result<Vec<Fallen>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::assignment_falls_out(&mut ctx, wish).await;
    kit::server::close(ctx, out).await
}

/// Writes a system of periods: a new one, or in place of what was seen. So many lessons with marks may fall out of every period (`accepted`).
#[server(name = SaveSystem, prefix = "/api", endpoint = "grading/save_system", input = Json)]
pub async fn save_system(
    at: Option<(SystemId, SystemTerms)>,
    terms: SystemTerms,
    accepted: Option<i64>,
) -> Result<SystemId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::grading::sql::save_system(&mut ctx, at, terms, accepted).await;
    let saved = kit::server::close(ctx, out).await?;
    tell_periods(school);
    Ok(saved)
}

/// Gives a grade another system of periods. So many lessons with marks may fall out of every period (`accepted`).
#[server(name = AssignGrade, prefix = "/api", endpoint = "grading/assign_grade", input = Json)]
pub async fn assign_grade(
    grade: i16,
    seen: SystemId,
    system: SystemId,
    accepted: Option<i64>,
) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::grading::sql::assign_grade(&mut ctx, grade, seen, system, accepted).await;
    kit::server::close(ctx, out).await?;
    tell_periods(school);
    Ok(())
}

/// Gives a class a system of periods of its own, or its grade's again; `accepted` as for a grade.
#[server(name = AssignClass, prefix = "/api", endpoint = "grading/assign_class", input = Json)]
pub async fn assign_class(
    class: ClassId,
    seen: Option<SystemId>,
    system: Option<SystemId>,
    accepted: Option<i64>,
) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::grading::sql::assign_class(&mut ctx, class, seen, system, accepted).await;
    kit::server::close(ctx, out).await?;
    tell_periods(school);
    Ok(())
}

/// Writes holidays: new ones, or in place of what was seen.
#[server(name = SaveHoliday, prefix = "/api", endpoint = "grading/save_holiday", input = Json)]
pub async fn save_holiday(
    at: Option<(HolidayId, HolidayTerms)>,
    terms: HolidayTerms,
) -> Result<HolidayId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::save_holiday(&mut ctx, at, terms).await;
    kit::server::close(ctx, out).await
}

/// Takes holidays away.
#[server(name = RemoveHoliday, prefix = "/api", endpoint = "grading/remove_holiday", input = Json)]
pub async fn remove_holiday(holiday: HolidayId, seen: HolidayTerms) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::remove_holiday(&mut ctx, holiday, seen).await;
    kit::server::close(ctx, out).await
}

/// In which journals marks of a period are missing, or rest on too few: before it is closed.
#[server(name = UnmarkedOf, prefix = "/api", endpoint = "grading/unmarked", input = GetUrl)]
pub async fn unmarked(period: PeriodId) -> Result<Vec<Unmarked>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::unmarked(&mut ctx, period).await;
    kit::server::close(ctx, out).await
}

/// Every journal that is open in the school looks again: what is typed into a closed period would only be refused.
#[cfg(feature = "ssr")]
fn tell_periods(school: base::SchoolId) {
    use classbook_core::live::{Live, Topic};

    kit::server::shared::<Live>().tell([Topic::Periods(school)]);
}

/// Closes a period, or opens it.
#[server(name = LockPeriod, prefix = "/api", endpoint = "grading/lock_period", input = Json)]
pub async fn lock_period(period: PeriodId, close: bool, reason: String) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::grading::sql::lock_period(&mut ctx, period, close, reason).await;
    kit::server::close(ctx, out).await?;
    tell_periods(school);
    Ok(())
}

/// Closes the marks of the year, of exams, and the final ones of a system's grades, or opens them.
#[server(name = LockYear, prefix = "/api", endpoint = "grading/lock_year", input = Json)]
pub async fn lock_year(system: SystemId, close: bool, reason: String) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::grading::sql::lock_year(&mut ctx, system, close, reason).await;
    kit::server::close(ctx, out).await?;
    tell_periods(school);
    Ok(())
}

/// Asks for a change in a closed period.
#[server(name = AskChange, prefix = "/api", endpoint = "grading/ask_change", input = Json)]
pub async fn ask_change(load: LoadId, period: PeriodId, text: String) -> Result<RequestId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::grading::sql::ask_change(&mut ctx, load, period, text).await;
    kit::server::close(ctx, out).await
}

/// Lets a teacher into a closed period for so many hours, or refuses.
#[server(name = AnswerChange, prefix = "/api", endpoint = "grading/answer_change", input = Json)]
pub async fn answer_change(
    request: RequestId,
    hours: Option<i16>,
    note: Option<String>,
) -> Result<(), AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::grading::sql::answer_change(&mut ctx, request, hours, note).await;
    let journal = kit::server::close(ctx, out).await?;
    // the teacher who waits with the journal open sees it open up, or why not
    let journal = journal.map(|load| Topic::Present(school, load));
    kit::server::shared::<Live>().tell(journal);
    Ok(())
}
