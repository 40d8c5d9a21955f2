-- The operator's command acts in no school, yet a school must read in its own journal that somebody's password was issued
-- from outside. Writes one event into each organisation where the person works, learns or has a child now.
-- (Over the school's wall on purpose; it returns nothing. No `set` clause: see 0020.)
create function tell_schools_of(who bigint, on_at timestamptz, what text, what_entity text, what_key text, what_new jsonb) returns void
    language plpgsql as $$
declare
    task_before text := current_task();
    school_before text := coalesce(current_setting('app.school', true), '');
    there bigint;
    schools bigint[];
begin
    perform set_config('app.task', 'session', true);
    schools := array(
        select e.school_id from employee e where e.person_id = who
        union
        select p.school_id from pupil p where p.person_id = who
        union
        select p.school_id from guardianship g join pupil p on p.person_id = g.ward_id
        where g.guardian_id = who and on_at::date between g.valid_from and coalesce(g.valid_to, on_at::date));
    foreach there in array schools loop
        perform set_config('app.school', there::text, true);
        insert into audit_event (school_id, at, action, entity, entity_key, new)
            values (there, on_at, what, what_entity, what_key, what_new);
    end loop;
    perform set_config('app.school', school_before, true);
    perform set_config('app.task', task_before, true);
end
$$;
