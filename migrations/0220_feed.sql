-- A calendar program cannot sign in. A family may therefore make secret addresses, one for each program, by which the lessons of one
-- child are read; only what the address's secret hashes to lies here (docs/decisions/0017).
create table calendar_feed (
    school_id bigint not null,
    id uuid not null,
    pupil_id bigint not null,
    -- who made it, and for whom it lives: it is dead as soon as this person is no guardian of the pupil any more
    person_id bigint not null,
    -- SHA-256 of 256 random bits
    token_hash bytea not null,
    -- the language of the events
    language text not null,
    made_at timestamptz not null,
    last_used_at timestamptz,
    -- SHA-256 of what was handed out last, and since when it is so: the calendar's entity tag and its date
    content_hash bytea,
    content_at timestamptz,
    -- how often it was asked for since a moment: a program that asks without end is told to wait
    window_at timestamptz,
    window_uses integer not null default 0,
    revoked_at timestamptz,
    primary key (school_id, id),
    constraint calendar_feed_token_key unique (school_id, token_hash),
    constraint calendar_feed_token_hash_length check (octet_length(token_hash) = 32),
    constraint calendar_feed_content_hash_length check (octet_length(content_hash) = 32),
    constraint calendar_feed_language_known check (language in ('ru', 'en')),
    constraint calendar_feed_window_uses_plausible check (window_uses >= 0),
    constraint calendar_feed_pupil_fk foreign key (school_id, pupil_id) references pupil (school_id, id),
    constraint calendar_feed_person_fk foreign key (person_id) references person (id)
);
-- found by its secret alone
create index calendar_feed_token on calendar_feed (token_hash);
create index calendar_feed_pupil on calendar_feed (school_id, pupil_id);
create index calendar_feed_person on calendar_feed (person_id);
comment on table calendar_feed is 'Календарная подписка: секретный адрес, по которому программа-календарь читает уроки одного ребёнка';

alter table calendar_feed enable row level security;
alter table calendar_feed force row level security;
create policy school_wall on calendar_feed using (school_id = (select current_school()))
    with check (school_id = (select current_school()));
create policy family_wall on calendar_feed as restrictive
    using ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]))
    with check ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]));
-- finding out who asks, here by the address instead of a cookie
create policy session_reads on calendar_feed for select using ((select current_task()) = 'session');
create policy session_counts on calendar_feed for update using ((select current_task()) = 'session')
    with check ((select current_task()) = 'session');
revoke delete on calendar_feed from parta_app;
