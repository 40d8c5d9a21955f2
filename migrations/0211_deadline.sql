-- Deadlines of the journal (JRN-5): until when a lesson is to be written up, as rows of the school from a date on. A school without rows has
-- the terms of `classbook_core::deadline::Terms::default`.

create table deadline_rule (
    school_id bigint not null,
    -- of the lessons from this day on, until the next row
    valid_from date not null,
    -- working days after the lesson; 0: the same day
    topic_days smallint not null,
    homework_days smallint not null,
    marks_days smallint not null,
    -- every lesson has a homework, from grade 2 on; else only what was given late counts
    homework_each boolean not null,
    -- the number of the school's act, shown beside the figures
    act text,
    -- grows by one with every save; a save that names an older one is refused
    revision integer not null default 1,
    changed_by bigint not null,
    changed_at timestamptz not null,
    primary key (school_id, valid_from),
    constraint deadline_rule_days_plausible
        check (topic_days between 0 and 14 and homework_days between 0 and 14 and marks_days between 0 and 14),
    constraint deadline_rule_act_text_length check (char_length(act) between 1 and 200),
    constraint deadline_rule_school_fk foreign key (school_id) references organisation (id),
    constraint deadline_rule_changed_by_fk foreign key (changed_by) references person (id)
);
create index deadline_rule_changed_by on deadline_rule (changed_by);
comment on table deadline_rule is 'Сроки заполнения журнала';

alter table deadline_rule enable row level security;
alter table deadline_rule force row level security;
create policy school_wall on deadline_rule using (school_id = (select current_school()))
    with check (school_id = (select current_school()));
create policy family_sees_nothing on deadline_rule as restrictive
    using ((select current_pupils()) is null) with check ((select current_pupils()) is null);
grant select, insert, update, delete on deadline_rule to parta_app;
