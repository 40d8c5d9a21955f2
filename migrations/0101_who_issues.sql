-- Who issues whose password (docs/decisions/0008). `issues_passwords_elsewhere` stays for a server of the version before.

-- Somebody who works has one organisation that issues their password: where they administer, whoever is asked elsewhere
-- refuses; else where they have worked longest. So a parent here who is a deputy there is out of this school's hands, and a
-- teacher of two schools is still in somebody's. It looks over the school's wall on purpose and answers with one bit for each
-- of those asked about, a whole school's people in one question.
-- Appointments that have not begun count: the slip of today is good when they begin.
-- (No `set` clause: only a superuser may attach a setting of ours to a function, and the owner need not be one.)
create function issued_elsewhere(people bigint[], here bigint, on_day date) returns bigint[]
    language plpgsql as $$
declare
    before text := current_task();
    found_ones bigint[];
begin
    perform set_config('app.task', 'session', true);
    with place as (
        select e.person_id, a.school_id, min(a.valid_from) as since,
            bool_or(exists (
                select from position_permission p
                where p.school_id = a.school_id and p.position_id = a.position_id and p.reach in ('school', 'subtree')
                  and (p.action <> 'view' or p.resource in ('journal', 'diary', 'accounts', 'audit')))) as administers
        from employee e
        join appointment a on a.school_id = e.school_id and a.employee_id = e.id
        where e.person_id = any (people) and coalesce(a.valid_to, on_day) >= on_day
        group by e.person_id, a.school_id
    )
    select array_agg(distinct there.person_id) into found_ones from place there
    where there.school_id <> here
      and (there.administers
           or not exists (select from place h
                          where h.person_id = there.person_id and h.school_id = here
                            and (h.since, h.school_id) < (there.since, there.school_id)));
    perform set_config('app.task', before, true);
    return coalesce(found_ones, '{}');
end
$$;

-- The same of one person.
create function password_issued_elsewhere(who bigint, here bigint, on_day date) returns boolean
    language sql as $$
    select who = any (issued_elsewhere(array[who], here, on_day))
$$;

-- Has somebody, by an appointment here that has not ended, one of these rights? Inside the school's wall.
create function holds_one_of(who bigint, here bigint, on_day date, kinds text[], actions text[], reaches text[]) returns boolean
    language sql stable as $$
    select exists (
        select from employee e
        join appointment a on a.school_id = e.school_id and a.employee_id = e.id
        join position_permission p on p.school_id = a.school_id and p.position_id = a.position_id
        join unnest(kinds, actions, reaches) g (kind, action, reach)
            on g.kind = p.resource and g.action = p.action and g.reach = p.reach
        where e.person_id = who and e.school_id = here and coalesce(a.valid_to, on_day) >= on_day)
$$;
