//! Rows on their way into the database: one text buffer a table, in PostgreSQL's COPY format.

use std::fmt::{self, Display, Write as _};

macro_rules! tables {
    ($($variant:ident = $name:literal $columns:literal),* $(,)?) => {
        /// The tables that the demo fills, in an order in which every row finds what it points to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Table { $(#[doc = $name] $variant),* }

        impl Table {
            /// Name and columns.
            const ALL: &'static [(&'static str, &'static str)] = &[$(($name, $columns)),*];
            const ORDER: &'static [Self] = &[$(Self::$variant),*];

            fn index(self) -> usize {
                Self::ORDER.iter().position(|t| *t == self).unwrap_or(0)
            }
        }
    };
}

tables! {
    Organisation = "organisation" "id, parent_id, kind, name, short_name, path",
    Person = "person" "id, last_name, first_name, middle_name, birth_date, sex",
    SchoolPerson = "school_person" "school_id, person_id",
    Account = "account" "id, person_id, login, phone, password_hash, must_change_password, issued_password_expires_at, created_at, password_changed_at",
    Guardianship = "guardianship" "guardian_id, ward_id, kind, valid_from",
    Position = "position" "school_id, id, template, title",
    Permission = "position_permission" "school_id, position_id, resource, action, reach",
    Employee = "employee" "school_id, id, person_id",
    Appointment = "appointment" "school_id, id, employee_id, position_id, valid_from, order_number, order_date",
    Year = "academic_year" "school_id, id, title, starts_on, ends_on",
    PeriodSystem = "period_system" "school_id, id, year_id, kind, title",
    Period = "period" "school_id, id, system_id, number, starts_on, ends_on, locked_at",
    Parallel = "parallel" "school_id, year_id, grade, period_system_id",
    Holiday = "holiday" "school_id, id, year_id, title, starts_on, ends_on, grade",
    BellSchedule = "bell_schedule" "school_id, id, title",
    Bell = "bell" "school_id, schedule_id, number, starts_at, ends_at",
    BellUse = "bell_use" "school_id, year_id, grade, weekday, schedule_id",
    Building = "building" "school_id, id, name, address",
    Room = "room" "school_id, id, building_id, name, kind, capacity",
    Subject = "subject" "school_id, id, name, short_name, template",
    Curriculum = "curriculum" "school_id, id, year_id, grade, title",
    CurriculumItem = "curriculum_item" "school_id, curriculum_id, subject_id, week_hours",
    Class = "class" "school_id, id, year_id, grade, name, curriculum_id, home_room_id, class_teacher_id",
    Subgroup = "subgroup" "school_id, id, class_id, name, split",
    Pupil = "pupil" "school_id, id, person_id, file_number",
    Enrolment = "enrolment" "school_id, id, pupil_id, class_id, starts_on",
    SubgroupMember = "subgroup_member" "school_id, subgroup_id, pupil_id, starts_on",
    Load = "teaching_load" "school_id, id, year_id, subject_id, week_hours, room_kind",
    LoadTeacher = "load_teacher" "school_id, load_id, employee_id",
    LoadAudience = "load_audience" "school_id, id, load_id, class_id, subgroup_id",
    LoadRoom = "load_room" "school_id, load_id, room_id",
    Version = "timetable_version" "school_id, id, year_id, title, state, valid_from, day_names, slot_names, changed_by, changed_at, published_at",
    Card = "card" "school_id, id, version_id, load_id, duration, day, slot, room_id",
    Unavailability = "unavailability" "school_id, id, year_id, employee_id, day, slot",
    Scale = "mark_scale" "school_id, id, title",
    ScaleItem = "mark_scale_item" "school_id, scale_id, code, value, title, position",
    WorkType = "work_type" "school_id, id, code, title, weight, position, assessment",
    AttendanceCode = "attendance_code" "school_id, code, title, absent, position, reason",
    Lesson = "lesson" "school_id, id, load_id, held_on, slot, card_id, room_id, employee_id, topic, state, cancel_reason",
    LessonPlan = "lesson_plan" "school_id, load_id, revision, last_row, changed_by, changed_at",
    LessonPlanRow = "lesson_plan_row" "school_id, load_id, number, position, section, topic, hours, homework, minutes, work_type_id",
    Homework = "homework" "school_id, id, load_id, lesson_id, due_on, text, minutes, links",
    IndividualHomework = "individual_homework" "school_id, id, load_id, lesson_id, text, minutes, changed_by, changed_at",
    IndividualHomeworkPupil = "individual_homework_pupil" "school_id, homework_id, pupil_id",
    HomeworkFile = "homework_file" "school_id, id, homework_id, name, kind, bytes, sha256, uploaded_by, uploaded_at",
    Assessment = "assessment" "school_id, id, load_id, held_on, slot, work_type_id, title, minutes, whole_class, state, planned_by, planned_at",
    LessonFormat = "lesson_format" "school_id, load_id, lesson_id, format, platform, link, changed_by, changed_at",
    DistanceSpan = "distance_span" "school_id, id, class_id, starts_on, ends_on, format, platform, link, reason, changed_by, changed_at",
    Assignment = "assignment" "school_id, id, lesson_id, work_type_id, scale_id, title, weight, position",
    Mark = "mark" "school_id, assignment_id, pupil_id, scale_id, code, comment, version, changed_by, changed_at, owed, owed_until, handed_in",
    Attendance = "attendance" "school_id, lesson_id, pupil_id, code, changed_by, changed_at",
    AbsenceReason = "absence_reason" "school_id, id, pupil_id, starts_on, ends_on, code, document_kind, document_number, document_on, made_by, made_at",
    AbsenceReasonLesson = "absence_reason_lesson" "school_id, reason_id, lesson_id, pupil_id, was, version",
    Exemption = "exemption" "school_id, id, pupil_id, subject_id, starts_on, ends_on, attends, document_kind, document_number, document_on, made_by, made_at",
    AbsenceNote = "absence_note" "school_id, id, pupil_id, starts_on, ends_on, reason, made_by, made_at",
    PeriodMark = "period_mark" "school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, proposed, reason, changed_by, changed_at",
    GradingRule = "grading_rule" "school_id, id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up, first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at, owed_days",
    GradingMinimum = "grading_minimum" "school_id, rule_id, week_hours, marks",
    DiaryVisit = "diary_visit" "school_id, pupil_id, person_id, seen_at, previous_at",
    WeekAcknowledgement = "week_acknowledgement" "school_id, pupil_id, monday, person_id, at, shown_at",
    Notice = "notice" "school_id, id, pupil_id, kind, at, subject_id, lesson_id, assignment_id, new",
    Dispute = "dispute" "school_id, id, assignment_id, pupil_id, code, asked_by, asked_at, due_on",
    DisputeMessage = "dispute_message" "school_id, id, dispute_id, pupil_id, author_id, by_family, at, text",
    Audit = "audit_event" "school_id, id, at, actor_id, action, entity, entity_key, old, new",
}

/// The rows of one table.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The table.
    pub table: &'static str,
    /// Its columns.
    pub columns: &'static str,
    /// The rows, in COPY's text format.
    pub text: String,
    /// How many.
    pub rows: u64,
}

/// The rows of one transaction.
#[derive(Clone, Debug)]
pub struct Rows {
    /// In the order in which they are to be written.
    pub batches: Vec<Batch>,
}

impl Default for Rows {
    fn default() -> Self {
        let batch = |(table, columns): &(&'static str, &'static str)| Batch {
            table,
            columns,
            text: String::new(),
            rows: 0,
        };
        Self {
            batches: Table::ALL.iter().map(batch).collect(),
        }
    }
}

impl Rows {
    /// Adds a row; the values in the order of the table's columns.
    pub fn add(&mut self, table: Table, values: &[&dyn Display]) {
        let Some(batch) = self.batches.get_mut(table.index()) else {
            return;
        };
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                batch.text.push('\t');
            }
            // writing into a String never fails
            let _ = write!(batch.text, "{value}");
        }
        batch.text.push('\n');
        batch.rows += 1;
    }

    /// How many rows a table has.
    #[cfg(test)]
    pub fn count(&self, table: Table) -> u64 {
        self.batches.get(table.index()).map_or(0, |b| b.rows)
    }

    /// The rows of a table, split into values.
    #[cfg(test)]
    pub fn read(&self, table: Table) -> impl Iterator<Item = Vec<&str>> {
        let text = self.batches.get(table.index()).map_or("", |b| b.text.as_str());
        text.lines().map(|line| line.split('\t').collect())
    }
}

/// A value that may be null.
pub struct Maybe<T>(pub Option<T>);

impl<T: Display> Display for Maybe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("\\N"),
        }
    }
}
