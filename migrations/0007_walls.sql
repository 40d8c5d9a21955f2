-- Row-level security: the school's wall, the family's wall, and who may see people.

-- Every table that begins with `school_id` gets the same wall.
do $$
declare
    t text;
begin
    for t in
        select c.table_name from information_schema.columns c
        join information_schema.tables k using (table_schema, table_name)
        where c.table_schema = 'public' and c.column_name = 'school_id' and c.is_nullable = 'NO'
          and k.table_type = 'BASE TABLE'
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy school_wall on %I using (school_id = (select current_school())) '
            'with check (school_id = (select current_school()))', t);
    end loop;
end
$$;

-- A family sees its own children's rows only, whatever a query forgot to say.
do $$
declare
    t text;
begin
    foreach t in array array['mark', 'attendance', 'diary_visit'] loop
        execute format('create policy family_wall on %I as restrictive '
            'using ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[])) '
            'with check ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]))', t);
    end loop;
end
$$;
-- … and changes nothing of a journal.
do $$
declare
    t text;
begin
    foreach t in array array['mark', 'attendance', 'assignment', 'homework', 'lesson', 'card', 'timetable_version'] loop
        execute format('create policy family_reads on %I as restrictive for insert '
            'with check ((select current_pupils()) is null)', t);
        execute format('create policy family_changes_nothing on %I as restrictive for update '
            'using ((select current_pupils()) is null) with check ((select current_pupils()) is null)', t);
        execute format('create policy family_deletes_nothing on %I as restrictive for delete '
            'using ((select current_pupils()) is null)', t);
    end loop;
end
$$;

-- While the server finds out who asks, it reads what positions a person holds in which schools.
do $$
declare
    t text;
begin
    foreach t in array array['position', 'position_permission', 'employee', 'appointment', 'pupil', 'enrolment', 'class', 'academic_year'] loop
        execute format('create policy session_reads on %I for select using ((select current_task()) = ''session'')', t);
    end loop;
end
$$;

-- The tree of organisations is public knowledge; it is changed inside one's own branch.
alter table organisation enable row level security;
alter table organisation force row level security;
create policy tree_is_public on organisation for select using (true);
create policy branch_grows on organisation for insert with check (path @> array[(select current_school())]);
create policy branch_changes on organisation for update using (path @> array[(select current_school())])
    with check (path @> array[(select current_school())]);

-- A person is seen by the schools that hold their card, by themselves and by their guardians.
alter table person enable row level security;
alter table person force row level security;
create policy person_seen on person for select using (
    exists (select from school_person c where c.school_id = (select current_school()) and c.person_id = person.id)
    or id = (select current_person())
    or (select current_task()) = 'session');
create policy person_entered on person for insert with check ((select current_school()) is not null);
create policy person_changed on person for update using (
    exists (select from school_person c where c.school_id = (select current_school()) and c.person_id = person.id))
    with check ((select current_school()) is not null);

alter table guardianship enable row level security;
alter table guardianship force row level security;
create policy guardianship_seen on guardianship using (
    guardian_id = (select current_person()) or ward_id = (select current_person())
    or exists (select from school_person c where c.school_id = (select current_school()) and c.person_id = ward_id)
    or (select current_task()) = 'session')
    with check (
    exists (select from school_person c where c.school_id = (select current_school()) and c.person_id = ward_id));

alter table account enable row level security;
alter table account force row level security;
create policy account_wall on account using (
    person_id = (select current_person())
    or (select current_task()) = 'session'
    or exists (select from school_person c where c.school_id = (select current_school()) and c.person_id = account.person_id))
    with check (
    person_id = (select current_person())
    or (select current_task()) = 'session'
    or exists (select from school_person c where c.school_id = (select current_school()) and c.person_id = account.person_id));

alter table session enable row level security;
alter table session force row level security;
create policy session_wall on session using (
    (select current_task()) = 'session'
    or exists (select from account a where a.id = account_id and a.person_id = (select current_person())))
    with check (
    (select current_task()) = 'session'
    or exists (select from account a where a.id = account_id and a.person_id = (select current_person())));

alter table sign_in_limit enable row level security;
alter table sign_in_limit force row level security;
create policy sign_in_limit_wall on sign_in_limit using ((select current_task()) = 'session')
    with check ((select current_task()) = 'session');

alter table account_event enable row level security;
alter table account_event force row level security;
create policy account_event_wall on account_event using (
    (select current_task()) = 'session'
    or exists (select from account a where a.id = account_id))
    with check (
    (select current_task()) = 'session'
    or exists (select from account a where a.id = account_id));

alter table job enable row level security;
alter table job force row level security;
create policy job_wall on job using ((select current_task()) = 'job' or school_id = (select current_school()))
    with check ((select current_task()) = 'job' or school_id = (select current_school()));

-- The law is read by everyone and changed by migrations and the operator's tools.
alter table norm enable row level security;
alter table norm force row level security;
create policy law_is_public on norm for select using (true);
alter table norm_difficulty enable row level security;
alter table norm_difficulty force row level security;
create policy law_is_public on norm_difficulty for select using (true);

grant usage on schema public to parta_app;
grant select, insert, update, delete on all tables in schema public to parta_app;
grant usage on all sequences in schema public to parta_app;
revoke update, delete, truncate on audit_event, account_event from parta_app;
revoke insert, update, delete on norm, norm_difficulty from parta_app;
revoke delete on person, organisation, account, school_person, employee, pupil from parta_app;
alter default privileges in schema public grant select, insert, update, delete on tables to parta_app;
alter default privileges in schema public grant usage on sequences to parta_app;
