-- Searches of many schools share a server: each says in whose language it was asked, how many are before it, why it came to nothing, and
-- what it found where nobody may have it.

alter table compose_run
    -- of whoever asked: the words of its end are in it
    add column lang text not null default 'ru',
    -- searches that come before it, as the server that works them off counts; null: nobody has counted
    add column ahead integer,
    -- what was found and given to nobody, because who asked may change the timetable no more: ids and places
    add column withheld jsonb,
    add constraint compose_run_lang_known check (lang in ('ru', 'en')),
    add constraint compose_run_ahead_plausible check (ahead between 0 and 1000000);
comment on column compose_run.ahead is 'Searches before it in the fair turn; written by the worker';
comment on column compose_run.withheld is 'A result that nobody was given: who asked had lost the right meanwhile';

-- Whose turn it is: a school that was served long ago comes first.
create index compose_run_served on compose_run (school_id, started_at);

-- Whoever waits hears of each step of the queue, too.
create or replace function tell_compose() returns trigger language plpgsql as $$
begin
    perform pg_notify('compose_changed', format('%s %s %s', new.school_id, new.id,
        case when new.stop_asked then 'stop' else new.state end));
    return null;
end
$$;
drop trigger compose_run_tells on compose_run;
create trigger compose_run_tells after insert or update of state, stop_asked, spent_ms, ahead on compose_run
    for each row execute function tell_compose();
