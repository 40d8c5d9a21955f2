-- Who of a family has seen a single mark, and when, on a page that does not show all that is new: the subjects of a period, the list of what one
-- is told. Whoever opens a week sees everything that is new, which `diary_visit` says in one row; only what it does not say yet is written here,
-- so a page that shows nothing new writes nothing.
create table mark_look (
    school_id bigint not null,
    assignment_id bigint not null,
    pupil_id bigint not null,
    person_id bigint not null,
    -- of which moment the mark was that they saw: one changed later was not seen
    seen_at timestamptz not null,
    primary key (school_id, assignment_id, pupil_id, person_id),
    constraint mark_look_mark_fk foreign key (school_id, assignment_id, pupil_id) references mark (school_id, assignment_id, pupil_id) on delete cascade,
    constraint mark_look_person_fk foreign key (person_id) references person (id)
);
create index mark_look_person on mark_look (person_id);
comment on table mark_look is 'Просмотр отметки семьёй';

alter table mark_look enable row level security;
alter table mark_look force row level security;
create policy school_wall on mark_look using (school_id = (select current_school()))
    with check (school_id = (select current_school()));
create policy family_wall on mark_look as restrictive
    using ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]))
    with check ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]));
-- nobody has looked for somebody else
create policy own_look on mark_look as restrictive for insert with check (person_id = (select current_person()));
create policy own_look_again on mark_look as restrictive for update using (true) with check (person_id = (select current_person()));
grant select, insert, update on mark_look to parta_app;
revoke delete on mark_look from parta_app;
