-- A slip is mended within hours of the mark, not of the last touch of its row: a comment written a week later gave another twelve hours. And a mark
-- that is cleared after these hours is remembered as the one that stood there: clearing it first, and giving another one then, hid what had been
-- rewritten (decision 43). All of it is the trigger's own: an older server, which names none of these columns, keeps them as well.
alter table mark
    add column given_at timestamptz,
    add column cleared_code text,
    add column replaced_given_at timestamptz,
    add column replaced_before text,
    add column replaced_before_given_at timestamptz,
    add constraint mark_cleared_text_length check (char_length(cleared_code) between 1 and 8),
    add constraint mark_replaced_before_text_length check (char_length(replaced_before) between 1 and 8);
comment on column mark.given_at is 'Когда поставлена эта отметка (или та, что стёрта); пусто — как changed_at';
comment on column mark.cleared_code is 'Отметка, стёртая позже, чем правят описки; следующая поставлена вместо неё';
comment on column mark.replaced_given_at is 'Когда была поставлена отметка, вместо которой эта';
comment on column mark.replaced_before is 'Вместо чего стояла отметка, вместо которой эта: если исправление окажется опиской';
comment on column mark.replaced_before_given_at is 'Когда была поставлена та';

create or replace function mark_was_rewritten() returns trigger language plpgsql as $$
declare
    stood text;
    since timestamptz;
    slip boolean;
begin
    if tg_op = 'INSERT' then
        new.given_at := case when new.code is not null then new.changed_at end;
        return new;
    end if;
    since := coalesce(old.given_at, old.changed_at);
    if new.code is not distinct from old.code then
        -- a comment or a dot: the mark is as old as it was
        new.given_at := case when coalesce(old.code, old.cleared_code) is not null then since end;
        return new;
    end if;
    stood := coalesce(old.code, old.cleared_code);
    slip := stood is null or new.changed_at - since <= make_interval(hours => slip_hours_of(new.school_id, new.assignment_id));
    if new.code is null then
        -- a slip that was taken away has never been there
        new.cleared_code := case when not slip then old.code end;
        new.given_at := case when not slip then since end;
        return new;
    end if;
    new.cleared_code := null;
    if new.code = stood then
        -- what was cleared is back, as old as it was
        new.given_at := since;
        return new;
    end if;
    new.given_at := new.changed_at;
    if not slip then
        new.replaced_before := new.replaced_code;
        new.replaced_before_given_at := new.replaced_given_at;
        new.replaced_code := stood;
        new.replaced_given_at := since;
    elsif new.code = new.replaced_code then
        -- the rewriting itself was the slip
        new.given_at := coalesce(new.replaced_given_at, new.given_at);
        new.replaced_code := new.replaced_before;
        new.replaced_given_at := new.replaced_before_given_at;
        new.replaced_before := null;
        new.replaced_before_given_at := null;
    end if;
    return new;
end
$$;
drop trigger mark_was_rewritten on mark;
create trigger mark_was_rewritten before insert or update on mark for each row execute function mark_was_rewritten();
