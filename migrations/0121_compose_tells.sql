-- Whoever looks at a search hears of each step of it, not only of its beginning and end: the page asks no more once a second.

create or replace function tell_compose() returns trigger language plpgsql as $$
begin
    perform pg_notify('compose_changed', format('%s %s %s', new.school_id, new.id,
        case when new.stop_asked then 'stop' else new.state end));
    return null;
end
$$;
drop trigger compose_run_tells on compose_run;
create trigger compose_run_tells after insert or update of state, stop_asked, spent_ms on compose_run
    for each row execute function tell_compose();
