-- КТП: the calendar-thematic plan of a load (CUR-4). Rows in order, each for so many lessons; on which lesson a row falls is counted
-- (`classbook_core::plan::lay`), never stored. Every change is an act that can be taken back.

create table lesson_plan (
    school_id bigint not null,
    load_id bigint not null,
    -- grows by one with every act; an act on top of a newer one is refused
    revision integer not null default 0,
    -- the last number given to a row
    last_row integer not null default 0,
    changed_by bigint not null,
    changed_at timestamptz not null,
    primary key (school_id, load_id),
    constraint lesson_plan_revision_plausible check (revision >= 0 and last_row >= 0),
    constraint lesson_plan_load_fk foreign key (school_id, load_id) references teaching_load (school_id, id) on delete cascade,
    constraint lesson_plan_changed_by_fk foreign key (changed_by) references person (id)
);
create index lesson_plan_changed_by on lesson_plan (changed_by);
comment on table lesson_plan is 'Календарно-тематический план нагрузки';

create table lesson_plan_row (
    school_id bigint not null,
    load_id bigint not null,
    -- keeps it when it moves
    number integer not null,
    position smallint not null,
    -- раздел
    section text,
    topic text not null,
    -- how many lessons it takes
    hours smallint not null,
    homework text,
    -- estimate, for the daily limit (domain facts 2.2)
    minutes smallint,
    -- контрольная, практическая, …
    work_type_id bigint,
    primary key (school_id, load_id, number),
    -- rows change places inside one act
    constraint lesson_plan_row_position_key unique (school_id, load_id, position) deferrable initially deferred,
    constraint lesson_plan_row_position_plausible check (position between 0 and 999),
    constraint lesson_plan_row_section_text_length check (char_length(section) between 1 and 300),
    constraint lesson_plan_row_topic_text_length check (char_length(topic) between 1 and 1000),
    constraint lesson_plan_row_hours_plausible check (hours between 1 and 60),
    constraint lesson_plan_row_homework_text_length check (char_length(homework) between 1 and 4000),
    constraint lesson_plan_row_minutes_plausible check (minutes between 0 and 600),
    constraint lesson_plan_row_plan_fk foreign key (school_id, load_id)
        references lesson_plan (school_id, load_id) on delete cascade,
    constraint lesson_plan_row_work_type_fk foreign key (school_id, work_type_id)
        references work_type (school_id, id) on delete set null (work_type_id)
);
create index lesson_plan_row_work_type on lesson_plan_row (school_id, work_type_id);
comment on table lesson_plan_row is 'Строка КТП: тема на столько-то уроков';

-- Lessons that take place, or fell out without being cancelled, and carry nothing of the plan.
create table lesson_plan_skip (
    school_id bigint not null,
    load_id bigint not null,
    lesson_id bigint not null,
    primary key (school_id, load_id, lesson_id),
    constraint lesson_plan_skip_plan_fk foreign key (school_id, load_id)
        references lesson_plan (school_id, load_id) on delete cascade,
    constraint lesson_plan_skip_lesson_fk foreign key (school_id, load_id, lesson_id)
        references lesson (school_id, load_id, id) on delete cascade
);
comment on table lesson_plan_skip is 'Урок, на котором КТП не идёт';

-- The last acts, each with the plan as it was before: what «Отменить» goes back to. Who did what is in audit_event, too, for ever.
create table lesson_plan_act (
    school_id bigint not null,
    load_id bigint not null,
    -- which it made
    revision integer not null,
    -- 'row.added', 'shifted', 'imported', …
    kind text not null,
    before jsonb not null,
    acted_by bigint not null,
    acted_at timestamptz not null,
    primary key (school_id, load_id, revision),
    constraint lesson_plan_act_kind_text_length check (char_length(kind) between 1 and 40),
    constraint lesson_plan_act_plan_fk foreign key (school_id, load_id)
        references lesson_plan (school_id, load_id) on delete cascade,
    constraint lesson_plan_act_acted_by_fk foreign key (acted_by) references person (id)
);
create index lesson_plan_act_acted_by on lesson_plan_act (acted_by);
comment on table lesson_plan_act is 'Последние изменения КТП — для отмены';

-- What a person took a column of this head for, so that the next file of the kind needs no mapping.
create table lesson_plan_column (
    school_id bigint not null,
    person_id bigint not null,
    -- the head as it is compared: small letters, single spaces
    head text not null,
    meaning text not null,
    primary key (school_id, person_id, head),
    constraint lesson_plan_column_head_text_length check (char_length(head) between 1 and 200),
    constraint lesson_plan_column_meaning_known
        check (meaning in ('skip', 'section', 'topic', 'hours', 'homework', 'minutes', 'work')),
    constraint lesson_plan_column_person_fk foreign key (person_id) references person (id)
);
create index lesson_plan_column_person on lesson_plan_column (person_id);
comment on table lesson_plan_column is 'Столбцы файла КТП, как их понимает этот человек';

do $$
declare
    t text;
begin
    foreach t in array array['lesson_plan', 'lesson_plan_row', 'lesson_plan_skip', 'lesson_plan_act', 'lesson_plan_column'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy school_wall on %I using (school_id = (select current_school())) '
            'with check (school_id = (select current_school()))', t);
        execute format('grant select, insert, update, delete on %I to parta_app', t);
    end loop;
    -- a family may come to read the topics ahead, and changes nothing
    foreach t in array array['lesson_plan', 'lesson_plan_row', 'lesson_plan_skip'] loop
        execute format('create policy family_reads on %I as restrictive for insert '
            'with check ((select current_pupils()) is null)', t);
        execute format('create policy family_changes_nothing on %I as restrictive for update '
            'using ((select current_pupils()) is null) with check ((select current_pupils()) is null)', t);
        execute format('create policy family_deletes_nothing on %I as restrictive for delete '
            'using ((select current_pupils()) is null)', t);
    end loop;
    foreach t in array array['lesson_plan_act', 'lesson_plan_column'] loop
        execute format('create policy family_sees_nothing on %I as restrictive '
            'using ((select current_pupils()) is null) with check ((select current_pupils()) is null)', t);
    end loop;
end
$$;
