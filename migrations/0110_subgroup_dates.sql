-- A membership that ends before it begins is refused by its own check, in words: the trigger before it must not build a
-- range of such dates, which fails without a constraint's name. And two who seat one pupil at the same moment wait for each
-- other: each would not see the other's row.
create or replace function subgroup_member_one_of_split() returns trigger language plpgsql as $$
begin
    if new.ends_on < new.starts_on then
        return new;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('subgroup_member:' || new.school_id || ':' || new.pupil_id, 0));
    if exists (
        select from subgroup mine
        join subgroup other on other.school_id = mine.school_id and other.class_id = mine.class_id
            and other.split = mine.split and other.id <> mine.id
        join subgroup_member m on m.school_id = other.school_id and m.subgroup_id = other.id and m.pupil_id = new.pupil_id
            and daterange(m.starts_on, m.ends_on, '[]') && daterange(new.starts_on, new.ends_on, '[]')
        where mine.school_id = new.school_id and mine.id = new.subgroup_id
    ) then
        raise exception 'in two subgroups of one split'
            using errcode = 'check_violation', constraint = 'subgroup_member_one_of_split';
    end if;
    return new;
end
$$;
