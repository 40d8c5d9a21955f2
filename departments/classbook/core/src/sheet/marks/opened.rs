//! What lies behind a figure of the ведомость: the marks it was counted from, whose they are, and who gave them.

use base::number::Hundredths;
use base::{LoadId, PupilId, SubjectId};
use chrono::NaiveDateTime;

use super::{Beside, Given, Group, Marks, Places, share};
use crate::grading::Stage;
use crate::grading::totals::Half;
use crate::journal::grid::Pupil;
use crate::sheet::opened::{At, Line, Opened, Where, pupil_key, pupil_of};
use crate::sheet::words;
use crate::t;

pub(super) use crate::sheet::opened::Share;

/// Who gave a mark, when, in which journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// To whom.
    pub pupil: PupilId,
    /// In what.
    pub subject: SubjectId,
    /// For what.
    pub stage: Stage,
    /// The journal.
    pub load: LoadId,
    /// Who gave it, or changed it last.
    pub by: String,
    /// When, in the school's time.
    pub at: NaiveDateTime,
}

/// The key of a column of marks.
pub(super) fn column_key(subject: SubjectId, beside: Beside) -> String {
    let more = match beside {
        Beside::HalfYear(Half::First) => "-half_1",
        Beside::HalfYear(Half::Second) => "-half_2",
        Beside::Interim => "-interim",
        Beside::Own => "",
        Beside::Coursework => "-coursework",
        Beside::Exam => "-exam",
        Beside::Final => "-final",
    };
    format!("s{subject}{more}")
}

/// What lies behind a figure, and where the totals of a mark are; none for what is no place of this sheet.
#[must_use]
pub fn opened(marks: &Marks, who: &[Who], at: &At) -> Option<(Opened, Option<Where>)> {
    let places = Places::of(marks);
    let of = Behind { marks, who, places };
    let pupil = pupil_of(&at.row).and_then(|id| marks.pupils.iter().find(|p| p.id == id));
    let column = of.column(&at.column);
    match (pupil, column, Share::from_key(&at.column)) {
        (Some(pupil), Some(column), _) => of.mark(pupil, column),
        (Some(pupil), None, Some(share)) => Some((of.of_pupil(pupil, share), None)),
        (None, Some(column), _) => Some((of.of_column(Share::from_key(&at.row)?, column), None)),
        (None, None, Some(share)) if at.row == Share::Average.key() => Some((of.whole(share), None)),
        _ => Some((of.group(&at.row, &at.column)?, None)),
    }
}

type Place<'a> = (&'a super::Subject, Beside);

struct Behind<'a> {
    marks: &'a Marks,
    who: &'a [Who],
    places: Places<'a>,
}

impl<'a> Behind<'a> {
    fn column(&self, key: &str) -> Option<Place<'a>> {
        let mut all = self.places.columns.iter().copied();
        all.find(|(subject, beside)| column_key(subject.id, *beside) == key)
    }

    fn title(&self, (subject, beside): Place<'_>) -> String {
        let lang = self.marks.head.lang;
        let several = self
            .places
            .columns
            .iter()
            .filter(|(s, _)| s.id == subject.id)
            .count()
            > 1;
        if several {
            format!("{}, {}", subject.name, self.places.name(beside, lang))
        } else {
            subject.name.clone()
        }
    }

    fn who(&self, given: &Given) -> Option<&'a Who> {
        let same = |w: &&Who| (w.pupil, w.subject, w.stage) == (given.pupil, given.subject, given.stage);
        self.who.iter().find(same)
    }

    /// A row: its name, the mark and who gave it.
    fn line(&self, name: String, at: At, given: Option<&Given>) -> Line {
        let lang = self.marks.head.lang;
        let by = given.and_then(|g| self.who(g)).map(|w| words::who(&w.by, w.at));
        Line {
            name,
            says: given.map_or_else(|| t::sheet_open_nothing(lang).to_owned(), |g| g.code.clone()),
            by: by.unwrap_or_default(),
            at: Some(at),
        }
    }

    fn mark(&self, pupil: &Pupil, column: Place<'_>) -> Option<(Opened, Option<Where>)> {
        let given = self.places.at(pupil.id, column)?;
        let who = self.who(given);
        let at = At::new(pupil_key(pupil.id), column_key(column.0.id, column.1));
        let opened = Opened {
            title: format!("{}: {}", pupil.name, self.title(column)),
            lines: vec![Line {
                at: None,
                ..self.line(pupil.name.clone(), at, Some(given))
            }],
            ..Opened::default()
        };
        let place = who.map(|w| Where {
            load: w.load,
            pupil: w.pupil,
            stage: w.stage,
        });
        Some((opened, place))
    }

    fn of_pupil(&self, pupil: &Pupil, of: Share) -> Opened {
        let lang = self.marks.head.lang;
        let all: Vec<Option<&Given>> = self.places.of_pupil(pupil.id).collect();
        let lines = self.places.own().map(|column| {
            let at = At::new(pupil_key(pupil.id), column_key(column.0.id, column.1));
            let given = self.places.at(pupil.id, column);
            let line = self.line(column.0.name.clone(), at, given);
            Line {
                at: line.at.filter(|_| given.is_some()),
                ..line
            }
        });
        Opened {
            title: format!("{}: {}", pupil.name, of.name(lang)),
            how: of.how(&share(all.iter().copied()), mean(&all), lang),
            lines: lines.collect(),
            ..Opened::default()
        }
    }

    fn of_column(&self, of: Share, column: Place<'a>) -> Opened {
        let lang = self.marks.head.lang;
        let all: Vec<Option<&Given>> = self.places.of_column(column).collect();
        let counted = self.places.counted.iter().zip(&all);
        let wanted = counted.filter(|(_, given)| of.has(&share(std::iter::once(**given))));
        let lines = wanted.map(|(pupil, given)| {
            let at = At::new(pupil_key(pupil.id), column_key(column.0.id, column.1));
            let line = self.line(pupil.name.clone(), at, *given);
            Line {
                at: line.at.filter(|_| given.is_some()),
                ..line
            }
        });
        Opened {
            title: format!("{}: {}", self.title(column), of.name(lang)),
            how: of.how(&share(all.iter().copied()), mean(&all), lang),
            lines: lines.collect(),
            ..Opened::default()
        }
    }

    /// A figure over all subjects: the same of each.
    fn whole(&self, of: Share) -> Opened {
        let lang = self.marks.head.lang;
        let all: Vec<Option<&Given>> = self
            .places
            .own()
            .flat_map(|column| self.places.of_column(column))
            .collect();
        let lines = self.places.own().map(|column| {
            let marks: Vec<Option<&Given>> = self.places.of_column(column).collect();
            let counts = share(marks.iter().copied());
            let figure = match of {
                Share::Average => super::plain(marks.iter().copied().flatten()),
                Share::Progress => counts.progress(),
                Share::Quality => counts.quality(),
                _ => counts.learnedness(),
            };
            Line {
                name: column.0.name.clone(),
                says: figure.map_or_else(
                    || t::sheet_open_nothing(lang).to_owned(),
                    |f| lang.decimal(&f.fixed()),
                ),
                by: String::new(),
                at: figure.map(|_| At::new(of.key(), column_key(column.0.id, column.1))),
            }
        });
        Opened {
            title: format!("{}: {}", t::sheet_open_whole(lang), of.name(lang)),
            how: of.how(&share(all.iter().copied()), mean(&all), lang),
            lines: lines.collect(),
            ..Opened::default()
        }
    }

    fn group(&self, row: &str, column: &str) -> Option<Opened> {
        let lang = self.marks.head.lang;
        let group = Group::ALL.into_iter().find(|g| g.key() == row)?;
        if !matches!(column, "count" | "share") {
            return None;
        }
        let of = |pupil: &Pupil| Group::of(&share(self.places.of_pupil(pupil.id)));
        let there: Vec<&&Pupil> = self.places.counted.iter().filter(|p| of(p) == group).collect();
        let with_marks = self
            .places
            .counted
            .iter()
            .filter(|p| of(p) != Group::Markless)
            .count();
        let lines = there.iter().map(|pupil| {
            let codes = self.places.own().filter_map(|column| {
                let given = self.places.at(pupil.id, column)?;
                Some(format!("{} {}", column.0.name, given.code))
            });
            Line {
                name: pupil.name.clone(),
                says: codes.collect::<Vec<_>>().join(", "),
                by: String::new(),
                at: Some(At::new(pupil_key(pupil.id), Share::Average.key())),
            }
        });
        let mut how = vec![];
        if column == "share" {
            let figure = Hundredths::ratio(wide(there.len()) * 100, wide(with_marks));
            let figure = figure.map(|f| lang.decimal(&f.fixed())).unwrap_or_default();
            how.push(format!("{} · 100 : {with_marks} = {figure}", there.len()));
            how.push(t::sheet_open_group_share(lang).to_owned());
        }
        Some(Opened {
            title: group.name(lang).to_owned(),
            lines: lines.collect(),
            how,
            ..Opened::default()
        })
    }
}

fn wide(n: usize) -> i128 {
    i128::try_from(n).unwrap_or(i128::MAX)
}

/// The sum of marks with a value, and how many they are.
fn mean(all: &[Option<&Given>]) -> (Hundredths, i64) {
    let values = all.iter().flatten().filter_map(|g| g.value);
    values.fold((Hundredths(0), 0), |(sum, n), v| {
        (Hundredths(sum.0.saturating_add(v.0)), n + 1)
    })
}
