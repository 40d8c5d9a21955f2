-- The mark that stood before one was rewritten on a later day (a slip of the finger is mended within hours and is no rewriting):
-- what a family sees of it, «5 вместо 3», is the school's rule to say.
alter table mark
    add column replaced_code text,
    add constraint mark_replaced_text_length check (char_length(replaced_code) between 1 and 8);

create function mark_was_rewritten() returns trigger language plpgsql as $$
begin
    if new.code is null then
        new.replaced_code := null;
    elsif old.code is not null and new.code <> old.code and new.changed_at - old.changed_at > interval '12 hours' then
        new.replaced_code := old.code;
    end if;
    return new;
end
$$;
create trigger mark_was_rewritten before update of code on mark
    for each row when (new.code is distinct from old.code) execute function mark_was_rewritten();
