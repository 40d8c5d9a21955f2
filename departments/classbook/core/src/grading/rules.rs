//! The rules of marking of a school, as rows with the day from which they hold.
//!
//! A period is judged by the rule in force on its last day: marks are summed up then. So a rule that begins inside a period
//! holds for the whole of it, and never for one that was over before.

use base::number::Hundredths;
use base::{Lang, RuleId};
use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::owed::rule::MOST_DAYS;
use crate::t;

/// The grades (courses) that a rule may be for.
pub const GRADES: std::ops::RangeInclusive<i16> = 0..=12;

/// The most lines of minimal numbers of marks.
pub const MINIMUMS: usize = 5;

/// Within so many hours after a mark a change of it may at most be a slip.
pub const MOST_SLIP_HOURS: i16 = 168;

/// What holds where a school has said nothing: a slip is mended within the school day.
fn usual_slip_hours() -> i16 {
    12
}

/// How a mark is shown that was rewritten on a later day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rewritten {
    /// Only the new one.
    New,
    /// Both: «5 вместо 3».
    Both,
}

impl Rewritten {
    /// Its key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Both => "both",
        }
    }

    /// Reads a key; anything else is the plain way.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        if key == "both" { Self::Both } else { Self::New }
    }
}

/// Interim attestation, and what it is to the mark of the year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interim {
    /// There is none.
    #[default]
    None,
    /// It stands by itself.
    Apart,
    /// It enters the mark of the year as one more period.
    Period,
}

impl Interim {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Apart, Self::Period];

    /// Its key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Apart => "apart",
            Self::Period => "period",
        }
    }

    /// Reads a key; anything else is none.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|i| i.key() == key).unwrap_or_default()
    }
}

/// For subjects of so many hours a week and more, at least so many marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minimum {
    /// Hours a week.
    pub week_hours: Hundredths,
    /// Marks in a period.
    pub marks: i16,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The first grade it is for.
    pub grade_from: i16,
    /// The last one.
    pub grade_to: i16,
    /// It holds for periods that end on this day or later.
    pub valid_from: NaiveDate,
    /// By weights, or each mark alike.
    pub weighted: bool,
    /// «5» is proposed from this average.
    pub five_from: Hundredths,
    /// «4» from this one.
    pub four_from: Hundredths,
    /// «3» from this one.
    pub three_from: Hundredths,
    /// From this fraction the mean of a year's marks is rounded up.
    pub year_up: Hundredths,
    /// The least marks to attest by, by hours a week, fewest hours first.
    pub minimums: Vec<Minimum>,
    /// The first grade gets marks.
    pub first_grade: bool,
    /// Parents see the average of the class beside their child's.
    pub class_average: bool,
    /// How a rewritten mark is shown.
    pub rewritten: Rewritten,
    /// Within so many hours after a mark its change mends a slip and rewrites nothing.
    #[serde(default = "usual_slip_hours")]
    pub slip_hours: i16,
    /// So many days after its dot a work is owed whose teacher names no day; none: no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed_days: Option<i16>,
    /// Half-years of quarters get marks, too.
    #[serde(default)]
    pub half_years: bool,
    /// Interim attestation.
    #[serde(default)]
    pub interim: Interim,
    /// The school's act: «Положение № 12».
    pub act_number: String,
    /// Its date.
    pub act_date: NaiveDate,
}

/// A rule of the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it says.
    pub terms: Terms,
    /// Why it was made to hold from a day that had passed.
    pub reason: Option<String>,
    /// Who wrote it down.
    pub by: String,
    /// When, by the school's clock.
    pub at: NaiveDateTime,
}

/// The page of rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// This person may add a rule.
    pub may_edit: bool,
    /// Today, in the school.
    pub today: NaiveDate,
    /// The first day of the running year, if there is one: where a new rule usually begins.
    pub year_from: Option<NaiveDate>,
    /// All of them, the latest first.
    pub rules: Vec<Rule>,
}

impl Rules {
    /// The rule that was written down last: what a person who adds one has seen.
    #[must_use]
    pub fn last(&self) -> Option<RuleId> {
        self.rules.iter().map(|r| r.id).max()
    }
}

impl Terms {
    /// What holds where a school has set nothing: weights count, ordinary rounding. It has no act.
    #[must_use]
    pub fn usual(valid_from: NaiveDate) -> Self {
        Self {
            grade_from: *GRADES.start(),
            grade_to: *GRADES.end(),
            valid_from,
            weighted: true,
            five_from: Hundredths(450),
            four_from: Hundredths(350),
            three_from: Hundredths(250),
            year_up: Hundredths(50),
            minimums: vec![Minimum {
                week_hours: Hundredths(0),
                marks: 3,
            }],
            first_grade: false,
            class_average: false,
            rewritten: Rewritten::New,
            slip_hours: usual_slip_hours(),
            owed_days: None,
            half_years: false,
            interim: Interim::None,
            act_number: String::new(),
            act_date: valid_from,
        }
    }

    /// Is it for this grade?
    #[must_use]
    pub fn is_for(&self, grade: i16) -> bool {
        (self.grade_from..=self.grade_to).contains(&grade)
    }

    /// Does this grade get marks? The first one only where the school says so (domain facts 2.1).
    #[must_use]
    pub fn marks_given(&self, grade: i16) -> bool {
        grade != 1 || self.first_grade
    }

    /// The least marks of a period for a subject of so many hours a week.
    #[must_use]
    pub fn minimum(&self, week_hours: Hundredths) -> i16 {
        self.minimums
            .iter()
            .filter(|m| m.week_hours <= week_hours)
            .max_by_key(|m| m.week_hours)
            .map_or(0, |m| m.marks)
    }

    /// Without spaces around, minimums by hours.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.act_number = self.act_number.trim().to_owned();
        self.minimums.sort_by_key(|m| m.week_hours);
        self
    }

    /// What is wrong with it: the field and a sentence.
    #[must_use]
    pub fn fault(&self, lang: Lang) -> Option<(&'static str, &'static str)> {
        let grades = GRADES.contains(&self.grade_from) && GRADES.contains(&self.grade_to);
        if !grades || self.grade_from > self.grade_to {
            return Some(("grades", t::grading_wrong_grades(lang)));
        }
        let year = |d: NaiveDate| (2000..2200).contains(&d.year());
        if !year(self.valid_from) {
            return Some(("valid_from", t::grading_wrong_date(lang)));
        }
        let within = |n: Hundredths, over: i64| n.0 > over && n.0 <= over + 100;
        if !within(self.five_from, 400) || !within(self.four_from, 300) || !within(self.three_from, 200) {
            return Some(("thresholds", t::grading_wrong_thresholds(lang)));
        }
        if !(1..=99).contains(&self.year_up.0) {
            return Some(("year_up", t::grading_wrong_year_up(lang)));
        }
        let mut hours: Vec<Hundredths> = self.minimums.iter().map(|m| m.week_hours).collect();
        hours.sort();
        let twice = hours.windows(2).any(|pair| pair.first() == pair.last());
        let bounds = |m: &Minimum| (0..=4000).contains(&m.week_hours.0) && (0..=50).contains(&m.marks);
        if twice || hours.len() > MINIMUMS || !self.minimums.iter().all(bounds) {
            return Some(("minimums", t::grading_wrong_minimums(lang)));
        }
        if !(0..=MOST_SLIP_HOURS).contains(&self.slip_hours) {
            return Some(("slip_hours", t::grading_wrong_slip_hours(lang)));
        }
        if self
            .owed_days
            .is_some_and(|days| !(1..=MOST_DAYS).contains(&days))
        {
            return Some(("owed_days", t::owed_days_wrong(lang)));
        }
        let act = self.act_number.trim().chars().count();
        if !(1..=60).contains(&act) || !year(self.act_date) {
            return Some(("act", t::grading_wrong_act(lang)));
        }
        None
    }
}

/// The rule for a grade on a day: of those that are for it and have begun, the one that began last.
#[must_use]
pub fn in_force(rules: &[Rule], grade: i16, on: NaiveDate) -> Option<&Rule> {
    rules
        .iter()
        .filter(|r| r.terms.is_for(grade) && r.terms.valid_from <= on)
        .max_by_key(|r| (r.terms.valid_from, r.id))
}

/// What holds for a grade on a day: the school's rule, or the usual one.
#[must_use]
pub fn terms_on(rules: &[Rule], grade: i16, on: NaiveDate) -> Terms {
    in_force(rules, grade, on).map_or_else(|| Terms::usual(on), |r| r.terms.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, 1).unwrap() + chrono::Duration::days(n)
    }

    fn rule(id: i64, grades: (i16, i16), from: i64) -> Rule {
        Rule {
            id: RuleId(id),
            terms: Terms {
                grade_from: grades.0,
                grade_to: grades.1,
                act_number: "1".into(),
                ..Terms::usual(day(from))
            },
            reason: None,
            by: String::new(),
            at: day(from).and_hms_opt(9, 0, 0).unwrap(),
        }
    }

    #[test]
    fn the_latest_rule_of_the_grade_holds() {
        let rules = [rule(1, (0, 12), 0), rule(2, (10, 11), 5), rule(3, (0, 12), 100)];
        let held = |grade, on| in_force(&rules, grade, day(on)).map(|r| r.id.0);
        assert_eq!(held(7, -1), None);
        assert_eq!((held(7, 5), held(10, 5)), (Some(1), Some(2)));
        assert_eq!((held(7, 100), held(10, 100)), (Some(3), Some(3)));
        assert_eq!(terms_on(&rules, 7, day(-1)), Terms::usual(day(-1)));
    }

    #[test]
    fn what_a_rule_may_not_say() {
        let fault = |change: fn(&mut Terms)| {
            let mut terms = rule(1, (0, 12), 0).terms;
            change(&mut terms);
            terms.tidy().fault(Lang::Ru).map(|f| f.0)
        };
        assert_eq!(fault(|_| ()), None);
        assert_eq!(fault(|t| t.grade_to = 13), Some("grades"));
        assert_eq!(fault(|t| (t.grade_from, t.grade_to) = (9, 5)), Some("grades"));
        assert_eq!(fault(|t| t.five_from = Hundredths(400)), Some("thresholds"));
        assert_eq!(fault(|t| t.four_from = Hundredths(401)), Some("thresholds"));
        assert_eq!(fault(|t| t.three_from = Hundredths(-250)), Some("thresholds"));
        assert_eq!(fault(|t| t.year_up = Hundredths(0)), Some("year_up"));
        assert_eq!(fault(|t| t.act_number = "  ".into()), Some("act"));
        assert_eq!(fault(|t| t.act_number = "я".repeat(61)), Some("act"));
        assert_eq!(fault(|t| t.minimums.push(t.minimums[0])), Some("minimums"));
        assert_eq!(fault(|t| t.minimums[0].marks = 51), Some("minimums"));
        assert_eq!(fault(|t| t.minimums.clear()), None);
        assert_eq!(fault(|t| t.slip_hours = -1), Some("slip_hours"));
        assert_eq!(fault(|t| t.slip_hours = 169), Some("slip_hours"));
        assert_eq!(
            (fault(|t| t.slip_hours = 0), fault(|t| t.slip_hours = 168)),
            (None, None)
        );
        assert_eq!(fault(|t| t.owed_days = Some(0)), Some("owed_days"));
        assert_eq!(fault(|t| t.owed_days = Some(91)), Some("owed_days"));
        assert_eq!(fault(|t| t.owed_days = Some(14)), None);
    }

    #[test]
    fn a_page_of_before_says_nothing_of_slips_half_years_and_attestation() {
        let mut said = serde_json::to_value(Terms::usual(day(0))).unwrap();
        for unknown in ["slip_hours", "half_years", "interim"] {
            assert!(said.as_object_mut().unwrap().remove(unknown).is_some());
        }
        assert_eq!(
            serde_json::from_value::<Terms>(said).unwrap(),
            Terms::usual(day(0))
        );
    }

    #[test]
    fn what_interim_attestation_is_reads_back() {
        for interim in Interim::ALL {
            assert_eq!(Interim::from_key(interim.key()), interim);
        }
        assert_eq!(Interim::from_key("x"), Interim::None);
    }

    #[test]
    fn the_minimum_depends_on_the_hours() {
        let mut terms = Terms::usual(day(0));
        terms.minimums.push(Minimum {
            week_hours: Hundredths(200),
            marks: 5,
        });
        let least = |hours| terms.minimum(Hundredths(hours));
        assert_eq!((least(100), least(199), least(200), least(500)), (3, 3, 5, 5));
        terms.minimums.remove(0);
        assert_eq!(terms.minimum(Hundredths(100)), 0);
    }

    proptest! {
        #[test]
        fn a_later_day_never_finds_an_earlier_rule(
            starts in proptest::collection::vec((0i64..300, 0i16..12, 0i16..4), 0..8),
            grade in 0i16..=12, on in 0i64..300, later in 0i64..100,
        ) {
            let rules: Vec<Rule> = (1..).zip(&starts).map(|(n, (from, grade, more))| rule(n, (*grade, (grade + more).min(12)), *from)).collect();
            let found = in_force(&rules, grade, day(on)).map(|r| r.terms.valid_from);
            let then = in_force(&rules, grade, day(on + later)).map(|r| r.terms.valid_from);
            prop_assert!(found <= then);
            if let Some(from) = found { prop_assert!(from <= day(on)); }
        }
    }
}
