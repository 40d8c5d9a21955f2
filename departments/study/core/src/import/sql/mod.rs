//! Import into the database: [`preview`] only reads, [`import`] does all of it or nothing.

mod appoint;
mod asked;
mod found;
mod hours;
mod keeping;
mod week;
mod weekdays;
mod write;

pub use keeping::kept;
pub(crate) use keeping::{Stored, stored};
pub(crate) use write::ids;

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Store, Task, to_app};
use base::{AppError, Lang, SchoolId};
use timetable::fet::FetFile;
use timetable::fet::kept::Keeping;
use timetable::schools::asc;
use timetable::{Audience, SchoolDraft};

use super::{Count, Counted, Imported, LARGEST_FILE, Preview, names, refusal};
use crate::readers::READERS;
use crate::t;
use crate::timetable::norms::scale::template_of;
use asked::Wishes;
use found::{Found, found};
use hours::Away;

/// A school to import into, for the command line.
#[derive(Clone, Debug)]
pub struct School {
    /// Its id.
    pub id: SchoolId,
    /// Its name.
    pub name: String,
    /// Its offset from UTC now, in seconds.
    pub utc_offset: i32,
}

/// The organisations of a number or short name.
///
/// # Errors
/// Unavailable when the database is.
pub async fn schools(store: &Store, called: &str) -> Result<Vec<School>, AppError> {
    let mut tx = store.task(Task::Job, None).await?;
    let rows = sqlx::query!(
        r#"select id, name,
            extract(epoch from now() at time zone time_zone - now() at time zone 'UTC')::integer as "utc_offset!"
         from organisation where id = $1 or lower(short_name) = lower($2) order by id limit 20"#,
        called.parse::<i64>().unwrap_or(0),
        called,
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(|e| to_app(e.into(), Lang::En))?;
    Ok(rows
        .into_iter()
        .map(|r| School {
            id: SchoolId(r.id),
            name: r.name,
            utc_offset: r.utc_offset,
        })
        .collect())
}

/// The names of a draft, fitting the school's tables, in the draft's order.
struct Names {
    subjects: Vec<String>,
    buildings: Vec<String>,
    rooms: Vec<String>,
    classes: Vec<String>,
    groups: Vec<String>,
    teachers: Vec<names::PersonName>,
    cut: u32,
}

impl Names {
    fn of(draft: &SchoolDraft) -> Self {
        let mut cut = 0;
        let mut fit = |names: Vec<&str>, longest| {
            let (names, n) = names::fitting(names.into_iter(), longest);
            cut += n;
            names
        };
        let subjects = fit(draft.subjects.iter().map(String::as_str).collect(), 200);
        let buildings = fit(draft.buildings.iter().map(String::as_str).collect(), 200);
        let rooms = fit(draft.rooms.iter().map(|r| r.name.as_str()).collect(), 120);
        let classes = fit(draft.classes.iter().map(|c| c.name.as_str()).collect(), 60);
        let groups = fit(draft.groups.iter().map(|g| g.name.as_str()).collect(), 120);
        let teachers = names::people(draft.teachers.iter().map(|t| t.name.as_str()));
        Self {
            subjects,
            buildings,
            rooms,
            classes,
            groups,
            teachers,
            cut,
        }
    }
}

/// A file that was read and can be a school's timetable.
pub struct Draft {
    draft: SchoolDraft,
    names: Names,
    keeping: Keeping,
    /// What it requires of single lessons.
    single: super::single::Found,
    /// What an archive says that no file of FET does, a line each.
    left: Vec<String>,
}

/// What an import changes: the school's classes and teachers, and what its timetable is made of.
const CHANGES: [Kind; 2] = [Kind::SchoolData, Kind::Timetable];

/// May the actor import? It takes both rights: to change the data of the school, and to change its timetable.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub fn must_edit(ctx: &Ctx) -> Result<(), AppError> {
    let school = ctx.school();
    CHANGES
        .into_iter()
        .try_for_each(|kind| ctx.must(Action::Edit, &Resource::of_school(kind, school)))
}

/// The same as an answer, for whoever shows the way there.
pub(crate) fn may_edit(ctx: &Ctx) -> bool {
    let school = ctx.school();
    CHANGES
        .into_iter()
        .all(|kind| ctx.may(Action::Edit, &Resource::of_school(kind, school)))
}

/// Reads a file, away from the threads that serve; to be called without a transaction open, and only for those who may. What
/// cannot be a school's timetable is refused here, before the database hears of it.
///
/// # Errors
/// Invalid with line and reason for a file that is refused; [`AppError::Unavailable`] while others' files are read.
pub async fn read(lang: Lang, file: Vec<u8>) -> Result<Draft, AppError> {
    let read = READERS
        .read(move || {
            let file = super::packed::unpacked(lang, file)?;
            let (file, left) = super::archive::school(lang, file)?;
            let (draft, fet) = parse(lang, &file)?;
            let names = Names::of(&draft);
            let single = match &fet {
                Some(_) => super::single::single(&draft),
                None => super::single::Found::default(),
            };
            let keeping = match &fet {
                Some(fet) => {
                    let lost = super::keeping::lost(&draft);
                    timetable::fet::kept::keep(&file, fet, &lost, &single.heeded)
                        .map_err(|e| refusal::words(lang, &e))?
                }
                None => Keeping::default(),
            };
            Ok(Draft {
                draft,
                names,
                keeping,
                single,
                left,
            })
        })
        .await?;
    // a reader that gave up in the middle: the file's fault, whatever it was
    read.unwrap_or_else(|| Err(AppError::invalid("file", t::import_unreadable(lang))))
}

fn parse(lang: Lang, file: &[u8]) -> Result<Read, AppError> {
    if file.len() > LARGEST_FILE {
        return Err(AppError::invalid("file", t::import_too_large(lang)));
    }
    if file.iter().all(u8::is_ascii_whitespace) {
        return Err(AppError::invalid("file", t::import_empty(lang)));
    }
    let (draft, fet) = draft(lang, file)?;
    if draft.days.len() > 40 || draft.slots.len() > 60 || draft.days.is_empty() || draft.slots.is_empty() {
        let words = t::import_too_many_slots(lang, draft.days.len(), draft.slots.len());
        return Err(AppError::invalid("file", words));
    }
    if let Some((_, _, card)) = draft.card_list().find(|(_, _, card)| card.duration > 30) {
        return Err(AppError::invalid(
            "file",
            t::import_too_long_card(lang, card.source_id),
        ));
    }
    Ok((draft, fet))
}

/// A school, and the file of FET that it came from.
type Read = (SchoolDraft, Option<FetFile>);

/// By what is in it: a file of aSc Timetables, or of FET.
fn draft(lang: Lang, file: &[u8]) -> Result<Read, AppError> {
    if !asc::is_one(file) {
        let fet = timetable::fet::read(file).map_err(|e| refusal::words(lang, &e))?;
        let draft = timetable::fet::draft(&fet).map_err(|e| refusal::words(lang, &e))?;
        return Ok((draft, Some(fet)));
    }
    // what a browser has read already is UTF-8, whatever the file once was and still says
    let read = match std::str::from_utf8(file) {
        Ok(text) => asc::import_text(text),
        Err(_) => asc::import(file),
    };
    let draft = read.map_err(|e| refusal::asc_words(lang, &e))?;
    Ok((draft, None))
}

/// What an import would do. Changes nothing.
///
/// # Errors
/// Forbidden.
pub async fn preview(ctx: &mut Ctx, of: &Draft) -> Done<Preview> {
    let Draft {
        draft,
        names,
        single,
        left,
        ..
    } = of;
    must_edit(ctx)?;
    let found = found(ctx, draft, names).await?;
    let wishes = asked::compare(ctx, draft, &found).await?;
    let away = hours::compare(ctx, draft, &found).await?;
    Ok(told(
        ctx.lang(),
        (draft, single, left),
        names,
        &found,
        (&wishes, &away),
    ))
}

/// Imports a file into the current academic year (which is opened, with the standard reference data, if there is none).
///
/// # Errors
/// As [`preview`]; nothing is written then.
pub async fn import(ctx: &mut Ctx, of: &Draft) -> Done<Imported> {
    let Draft {
        draft,
        names,
        keeping,
        single,
        left,
    } = of;
    must_edit(ctx)?;
    let year = write::year(ctx).await?;
    let found = found(ctx, draft, names).await?;
    let wishes = asked::compare(ctx, draft, &found).await?;
    let away = hours::compare(ctx, draft, &found).await?;
    let done = told(ctx.lang(), (draft, single, left), names, &found, (&wishes, &away));
    let version = write::write(
        ctx,
        year,
        (draft, keeping, &single.rules),
        names,
        found,
        (&wishes, &away, &done),
    )
    .await?;
    Ok(Imported { version, done })
}

/// So many subjects are named one by one.
const NAMED: usize = 40;

fn told(
    lang: Lang,
    (draft, single, left): (&SchoolDraft, &super::single::Found, &[String]),
    names: &Names,
    found: &Found,
    (wishes, away): (&Wishes, &Away),
) -> Preview {
    let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let plural = |n: u32| i64::from(n);
    let count = |what, list: &[Option<i64>]| Count {
        what,
        total: size(list.len()),
        known: size(list.iter().flatten().count()),
    };
    let (cards, placed) = draft.card_counts();
    let mut warnings = vec![];
    if cards > 0 && placed == 0 {
        warnings.push(t::import_warn_no_places(lang).to_owned());
    }
    if draft.days.len() > 7 && names::cycle_weeks(draft.days.len()) == 1 {
        warnings.push(t::import_warn_long_week(lang, draft.days.len()));
    }
    let no_grade = size(draft.classes.iter().filter(|c| c.grade.is_none()).count());
    if no_grade > 0 {
        warnings.push(t::import_warn_no_grade(lang, plural(no_grade)));
    }
    if found.scaled {
        let new = names.subjects.iter().zip(&found.subjects);
        let new = new.filter(|(name, known)| known.is_none() && template_of(name).is_none());
        let mut new: Vec<&str> = new.map(|(name, _)| name.as_str()).collect();
        if new.len() > NAMED {
            new.truncate(NAMED);
            new.push("…");
        }
        if !new.is_empty() {
            warnings.push(t::import_warn_no_points(lang, new.join(", ")));
        }
    }
    if names.cut > 0 {
        warnings.push(t::import_warn_shortened(lang, plural(names.cut)));
    }
    warnings.extend(away.warning(lang));
    let bells = found
        .bare
        .then(|| super::bells::told(lang, &draft.slots))
        .flatten();
    let mut kept = super::kept::kept(lang, draft, away.kept(), wishes.series.must);
    kept.extend(away.asked(lang));
    kept.extend(super::uses::told(lang, draft, &found.rooms));
    kept.extend(wishes.kept(lang));
    match bells {
        Some(super::bells::Told::Named(words)) => kept.push(words),
        // nobody has said when lessons begin: to be known before saying yes
        Some(super::bells::Told::Invented(words)) => warnings.push(words),
        None => {}
    }
    let mut lost: Vec<String> = away.left(lang).into_iter().chain(wishes.left(lang)).collect();
    let heeded: &[_] = if wishes.single_off { &[] } else { &single.heeded };
    let unsaid: Vec<_> = wishes.lost.iter().chain(&away.lost).cloned().collect();
    let unsaid = super::single::without(&unsaid, heeded);
    let count_of_heeded: u32 = heeded.iter().map(|kind| kind.count).sum();
    if count_of_heeded > 0 {
        kept.push(t::import_kept_single(lang, plural(count_of_heeded)));
    }
    lost.extend(super::kept::lost(lang, draft, &unsaid));
    lost.extend(wishes.softer(lang));
    lost.extend_from_slice(left);
    Preview {
        name: draft.name.clone(),
        counts: vec![
            count(Counted::Classes, &found.classes),
            count(Counted::Groups, &found.groups),
            count(Counted::Subjects, &found.subjects),
            count(Counted::Teachers, &found.teachers),
            count(Counted::Buildings, &found.buildings),
            count(Counted::Rooms, &found.rooms),
            count(Counted::Loads, &found.loads),
        ],
        cards: size(cards),
        placed: size(placed),
        days: draft.days.clone(),
        slots: size(draft.slots.len()),
        warnings,
        kept,
        lost,
    }
}

/// Class and subgroup of an audience, positions in the draft.
fn seat_of(draft: &SchoolDraft, audience: Audience) -> (usize, Option<usize>) {
    match audience {
        Audience::Class(class) => (class.ix(), None),
        Audience::Group(group) => (
            draft.groups.get(group.ix()).map_or(0, |g| g.class.ix()),
            Some(group.ix()),
        ),
    }
}
