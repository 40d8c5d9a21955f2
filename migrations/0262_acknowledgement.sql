-- A guardian says of a week of the diary that they have seen it («подпись родителя»): one row a person, child and week.
create table week_acknowledgement (
    school_id bigint not null,
    pupil_id bigint not null,
    -- the first day of the week
    monday date not null,
    person_id bigint not null,
    at timestamptz not null,
    -- of which moment the week was that they saw: a mark changed later was not seen
    shown_at timestamptz not null,
    primary key (school_id, pupil_id, monday, person_id),
    constraint week_acknowledgement_monday_plausible check (extract(isodow from monday) = 1 and shown_at <= at),
    constraint week_acknowledgement_pupil_fk foreign key (school_id, pupil_id) references pupil (school_id, id),
    constraint week_acknowledgement_person_fk foreign key (person_id) references person (id)
);
create index week_acknowledgement_person on week_acknowledgement (person_id);
comment on table week_acknowledgement is 'Ознакомление законного представителя с неделей дневника';

alter table week_acknowledgement enable row level security;
alter table week_acknowledgement force row level security;
create policy school_wall on week_acknowledgement using (school_id = (select current_school()))
    with check (school_id = (select current_school()));
create policy family_wall on week_acknowledgement as restrictive
    using ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]))
    with check ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]));
-- nobody signs for somebody else
create policy own_word on week_acknowledgement as restrictive for insert with check (person_id = (select current_person()));
create policy own_word_again on week_acknowledgement as restrictive for update using (true) with check (person_id = (select current_person()));
grant select, insert, update on week_acknowledgement to parta_app;
revoke delete on week_acknowledgement from parta_app;
