-- Marks of the year, of exams, and final ones are closed like a period, with a reason: for the grades of one system of periods, as a ninth
-- grade sums its year up weeks before the others.

alter table period_system
    add column year_locked_at timestamptz,
    add column year_lock_reason text,
    add column year_locked_by bigint,
    add constraint period_system_year_lock_reason_text_length check (char_length(year_lock_reason) between 3 and 500),
    add constraint period_system_year_lock_plausible check (
        (year_locked_at is null) = (year_lock_reason is null) and (year_locked_at is null) = (year_locked_by is null)),
    add constraint period_system_year_locked_by_fk foreign key (year_locked_by) references person (id);
create index period_system_year_locked_by on period_system (year_locked_by);
