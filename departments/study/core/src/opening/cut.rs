//! What a year is cut into, by the kind of organisation: a template as the rest of its reference data.

/// Periods of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Quarters, half-years from the tenth grade on: a school.
    Quarters,
    /// Semesters, for all courses: a college.
    Semesters,
    /// Nothing is summed up within the year: a kindergarten.
    Whole,
}

impl Cut {
    /// Of an organisation (`organisation.kind`).
    #[must_use]
    pub fn of(kind: &str) -> Self {
        match kind {
            "college" => Self::Semesters,
            "kindergarten" => Self::Whole,
            _ => Self::Quarters,
        }
    }

    /// The kind of the system that classes of a grade (in a college: a course) go by, the best first (`period_system.kind`).
    #[must_use]
    pub fn kinds(self, grade: i16) -> &'static [&'static str] {
        match self {
            Self::Quarters if grade >= 10 => &["half_year"],
            Self::Quarters => &["quarter"],
            // a college that cut its year in two by another name means the same
            Self::Semesters => &["semester", "half_year"],
            Self::Whole => &["year"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_no_grade() {
        let of = |kind: &str, grade| Cut::of(kind).kinds(grade)[0];
        assert_eq!((of("school", 9), of("school", 10)), ("quarter", "half_year"));
        for course in 1..=4 {
            assert_eq!(of("college", course), "semester");
        }
        assert_eq!(of("kindergarten", 0), "year");
        assert_eq!(of("extra", 0), "quarter");
    }
}
