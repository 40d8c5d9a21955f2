//! Which pages are fetched together. The splitter makes a file for every combination of split points that share code (see
//! `kit::pages`): four sets of this department alone meant 75 files for a parent's «Предметы». So there are two, by who opens them: a family's, which on a
//! phone are small, and the school's, which a teacher needs without a network as well.
//!
//! Another page of a family or of the school goes into its set here.

kit::pages!(family_pages {
    /// A week.
    WeekPage => crate::diary::week_page::draw,
    /// Marks and averages by subject.
    SubjectsPage => crate::diary::subjects_page::draw,
    /// The notes of a child.
    NotesPage => crate::absence::notes_page::draw,
    /// What was asked.
    DisputesPage => crate::dispute::list_page::draw,
    /// What was asked about one mark.
    MarkPage => crate::dispute::mark_page::draw,
    /// My addresses for one child.
    FeedPage => crate::feed::feed_page::draw,
    /// What I am told.
    NoticesPage => crate::notice::list_page::draw,
    /// What I want to be told.
    SettingsPage => crate::notice::settings_page::draw,
    /// A pupil's report and табель.
    PupilSheetPage => crate::sheet::pupil_page::draw,
});

kit::pages!(office_pages {
    /// One's journals.
    JournalsPage => crate::journal::list_page::draw,
    /// The grade grid of one of them.
    GridPage => crate::journal::grid_page::draw,
    /// The schedule of assessment works.
    AssessmentsPage => crate::assessment::schedule_page::draw,
    /// The assessment works of one journal.
    AssessmentPlanPage => crate::assessment::plan_page::draw,
    /// Classes that learn from home.
    DistancePage => crate::distance::spans_page::draw,
    /// Lessons that fall out.
    CancellationsPage => crate::cancellation::day_page::draw,
    /// Who stands in at which lesson.
    SubstitutionsPage => crate::substitution::day_page::draw,
    /// Who has acknowledged which week.
    AcknowledgementsPage => crate::acknowledgement::class_page::draw,
    /// The classes whose attendance I see.
    AttendanceClassesPage => crate::attendance::classes_page::draw,
    /// A month of a class.
    AttendancePage => crate::attendance::class_page::draw,
    /// Who is exempt from what.
    ExemptionsPage => crate::exemption::list_page::draw,
    /// What is due.
    DeadlinesPage => crate::deadline::deadline_page::draw,
    /// Marks that stand apart from what was proposed.
    DeviationsPage => crate::deviation::list_page::draw,
    /// What is not handed in.
    OwedPage => crate::owed::owed_page::draw,
    /// The school's rules of marking.
    RulesPage => crate::grading::rules_page::draw,
    /// Periods, holidays, closing.
    PeriodsPage => crate::grading::periods_page::draw,
    /// Marks of periods and of the year.
    TotalsPage => crate::grading::totals_page::draw,
    /// The plan of a journal.
    PlanPage => crate::plan::plan_page::draw,
    /// A plan from a file.
    PlanImportPage => crate::plan::import_page::draw,
    /// Scales of marks and types of work.
    ScalesPage => crate::scale::scales_page::draw,
    /// Sheets of classes and journals.
    SheetsPage => crate::sheet::sheets_page::draw,
});
