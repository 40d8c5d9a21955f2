-- People enter, second part: how long a session may rest, devices that have been here before, and how several servers
-- agree within milliseconds on who is still signed in.

-- Idle time-out of this very session: long on one's own phone, short on somebody else's computer.
alter table session add column idle_seconds integer not null default 604800;
alter table session add constraint session_idle_seconds_positive check (idle_seconds > 0);

-- A device that once signed in to an account counts its failures by itself: whoever types wrong passwords for a
-- teacher from the same school network cannot lock the teacher's own device out.
create table known_device (
    token_hash bytea not null,
    account_id bigint not null,
    seen_at timestamptz not null,
    primary key (token_hash, account_id),
    constraint known_device_token_hash_length check (octet_length(token_hash) = 32),
    constraint known_device_account_fk foreign key (account_id) references account (id)
);
create index known_device_account on known_device (account_id);
create index known_device_seen on known_device (seen_at);
comment on table known_device is 'Устройства, с которых уже входили: for limits only, opens nothing';
alter table known_device enable row level security;
alter table known_device force row level security;
create policy known_device_wall on known_device using ((select current_task()) = 'session')
    with check ((select current_task()) = 'session');

-- Whoever may see an account may end its sessions: its owner, and a school that issues a new password.
-- (`account` has its own wall, which this sub-select passes through.)
drop policy session_wall on session;
create policy session_wall on session using (
    (select current_task()) = 'session'
    or exists (select from account a where a.id = account_id))
    with check (
    (select current_task()) = 'session'
    or exists (select from account a where a.id = account_id));

-- Does a person issue passwords in another organisation? Then this one does not issue theirs: a school's secretary
-- must not become the region's operator. It looks over the school's wall on purpose and answers with one bit.
-- (No `set` clause: only a superuser may attach a setting of ours to a function, and the owner need not be one.)
create function issues_passwords_elsewhere(who bigint, here bigint, on_day date) returns boolean
    language plpgsql as $$
declare
    before text := current_task();
    found_one boolean;
begin
    perform set_config('app.task', 'session', true);
    select exists (
        select from employee e
        join appointment a on a.school_id = e.school_id and a.employee_id = e.id
        join position_permission p on p.school_id = a.school_id and p.position_id = a.position_id
        where e.person_id = who and e.school_id <> here
          and a.valid_from <= on_day and coalesce(a.valid_to, on_day) >= on_day
          and p.resource = 'accounts' and p.action = 'edit') into found_one;
    perform set_config('app.task', before, true);
    return found_one;
end
$$;

-- Servers keep a session for some seconds in memory. Whatever changes who a token stands for says so here:
-- the payload is an account's id, or '*' for «forget everyone».
create function tell_session_account() returns trigger language plpgsql as $$
begin
    perform pg_notify('session_changed', new.account_id::text);
    return null;
end
$$;
create function tell_account() returns trigger language plpgsql as $$
begin
    perform pg_notify('session_changed', new.id::text);
    return null;
end
$$;
create function tell_everyone() returns trigger language plpgsql as $$
begin
    perform pg_notify('session_changed', '*');
    return null;
end
$$;
create trigger session_tells after update of active_position, revoked_at, expires_at on session
    for each row execute function tell_session_account();
create trigger account_tells after update of password_hash, must_change_password, disabled_at, language, theme, login on account
    for each row execute function tell_account();
-- one message a statement: an import of a thousand appointments says it once
create trigger appointment_tells after insert or update or delete on appointment
    for each statement execute function tell_everyone();
create trigger position_permission_tells after insert or update or delete on position_permission
    for each statement execute function tell_everyone();
create trigger guardianship_tells after insert or update or delete on guardianship
    for each statement execute function tell_everyone();
create trigger position_tells after update or delete on position
    for each statement execute function tell_everyone();

-- The first of some logins that nobody has. Logins are one name space for all schools, so this looks over the wall;
-- it tells no more than an attempt to take the login would.
create function first_free_login(candidates text[]) returns text
    language plpgsql as $$
declare
    before text := current_task();
    free text;
begin
    perform set_config('app.task', 'session', true);
    select c.login into free from unnest(candidates) with ordinality c (login, n)
    where not exists (select from account a where a.login = c.login)
    order by c.n limit 1;
    perform set_config('app.task', before, true);
    return free;
end
$$;
