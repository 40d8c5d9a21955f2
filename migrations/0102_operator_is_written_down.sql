-- A password issued from outside opens doors of schools that had no part in it: the operator's command acts in no school, and of a
-- family with children in two schools one issues it. So that each school reads of it in its own journal of changes: writes one
-- event into each organisation of which the person's account opens anything, but not into `but` (null: into all).
-- Which these are, a session asks in the same way (access_core::sessions::sql::find), only that appointments yet to begin count
-- here too, since the password is good when they begin; former workplaces, schools left more than four months ago and wards of
-- former days hear nothing.
-- (Over the school's wall on purpose; it returns nothing. No `set` clause: see 0020.)
create function tell_schools_of(
    who bigint, on_at timestamptz, what text, what_entity text, what_key text, what_new jsonb, but bigint) returns void
    language plpgsql as $$
declare
    task_before text := current_task();
    school_before text := coalesce(current_setting('app.school', true), '');
    there bigint;
    schools bigint[];
begin
    perform set_config('app.task', 'session', true);
    schools := array(
        select e.school_id from employee e
        join organisation o on o.id = e.school_id
        join appointment a on a.school_id = e.school_id and a.employee_id = e.id
        where e.person_id = who and coalesce(a.valid_to, 'infinity') >= (on_at at time zone o.time_zone)::date
        union
        select p.school_id
        from (select who as person_id, null::date as since, null::date as until
              union all
              select g.ward_id, g.valid_from, g.valid_to from guardianship g where g.guardian_id = who) w
        join pupil p on p.person_id = w.person_id
        join organisation o on o.id = p.school_id
        left join lateral (
            select m.ends_on from enrolment m
            where m.school_id = p.school_id and m.pupil_id = p.id and m.starts_on <= (on_at at time zone o.time_zone)::date
            order by m.starts_on desc limit 1) n on true
        where (on_at at time zone o.time_zone)::date
                between coalesce(w.since, '-infinity') and coalesce(w.until, 'infinity')
          and coalesce(n.ends_on, 'infinity') > (on_at at time zone o.time_zone)::date - 120
        except
        select but);
    foreach there in array schools loop
        perform set_config('app.school', there::text, true);
        insert into audit_event (school_id, at, action, entity, entity_key, new)
            values (there, on_at, what, what_entity, what_key, what_new);
    end loop;
    perform set_config('app.school', school_before, true);
    perform set_config('app.task', task_before, true);
end
$$;
