-- People of a school come in lists: a number to call, logins for many at once, and who may load the lists.

-- The number that the school wrote down. It is not `account.phone`, which somebody signs in with and which its owner knows
-- to be theirs: a list may be wrong, and two parents may share one number.
alter table person add column phone text,
    add constraint person_phone_shape check (phone ~ '^[0-9]{10,15}$');

-- As `first_free_login`, for a whole class in one question: for each base («orlova.ms») the next login that nobody has, counted
-- on for equal bases, in their order. A base holds no digits, so numbered logins of different bases never meet.
create function free_logins(bases text[]) returns table (n bigint, login text)
    language plpgsql as $$
declare
    before text := current_task();
begin
    perform set_config('app.task', 'session', true);
    return query
        select b.n, free.login
        from (select u.base, u.n, row_number() over (partition by u.base order by u.n) as turn
              from unnest(bases) with ordinality u (base, n)) b
        cross join lateral (
            select c.login from (
                select case k when 1 then b.base else b.base || k end as login, k from generate_series(1, 5000) k) c
            where not exists (select from account a where a.login = c.login)
            order by c.k offset b.turn - 1 limit 1) free
        order by b.n;
    perform set_config('app.task', before, true);
end
$$;

-- Deputy directors look after classes and subgroups; now their position may also keep the lists of pupils (docs/rights.txt).
-- The positions of schools are the schools' own copies: only those that still are what the template gave them follow it.
do $$
declare
    before text := coalesce(current_setting('app.school', true), '');
    school record;
    follows record;
begin
    for school in select id from organisation loop
        perform set_config('app.school', school.id::text, true);
        for follows in
            select p.id from position p where p.school_id = school.id and p.template = 'deputy'
              and (select array_agg(g.resource || ' ' || g.action || ' ' || g.reach order by g.resource, g.action)
                   from position_permission g where g.school_id = p.school_id and g.position_id = p.id)
                = array['audit view school', 'diary view school', 'journal edit school', 'journal lock school', 'journal view school',
                        'people view school', 'school_data edit school', 'school_data view school', 'timetable edit school',
                        'timetable publish school', 'timetable view school']
        loop
            insert into position_permission (school_id, position_id, resource, action, reach)
                values (school.id, follows.id, 'people', 'edit', 'school');
            insert into audit_event (school_id, at, action, entity, entity_key, new)
                values (school.id, now(), 'position.granted', 'position', follows.id::text,
                        '{"resource": "people", "action": "edit", "reach": "school", "by": "migration 0070"}');
        end loop;
    end loop;
    perform set_config('app.school', before, true);
end
$$;
