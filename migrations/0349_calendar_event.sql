-- What a calendar program is told of each event beside what it says: since when it is so, and how often it has changed. The same for all
-- addresses of a child, so that a lesson is one event however many programs read it.
create table calendar_event (
    school_id bigint not null,
    pupil_id bigint not null,
    uid text not null,
    -- SHA-256 of what the event says, whatever the language
    content_hash bytea not null,
    sequence integer not null default 0,
    changed_at timestamptz not null,
    primary key (school_id, pupil_id, uid),
    constraint calendar_event_uid_text_length check (char_length(uid) between 1 and 80),
    constraint calendar_event_content_hash_length check (octet_length(content_hash) = 32),
    constraint calendar_event_sequence_plausible check (sequence >= 0),
    constraint calendar_event_pupil_fk foreign key (school_id, pupil_id) references pupil (school_id, id)
);
comment on table calendar_event is 'Событие календарной подписки: с какого времени оно такое и сколько раз менялось';

alter table calendar_event enable row level security;
alter table calendar_event force row level security;
create policy school_wall on calendar_event using (school_id = (select current_school()))
    with check (school_id = (select current_school()));
create policy family_wall on calendar_event as restrictive
    using ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]))
    with check ((select current_pupils()) is null or pupil_id = any ((select current_pupils())::bigint[]));
