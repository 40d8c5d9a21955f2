-- More nonsense made impossible, and the family's wall around accounts and the journal of changes.

-- A family sees and changes no account but its own, and nothing of what others did.
create policy family_wall on account as restrictive
    using ((select current_pupils()) is null or (select current_task()) = 'session' or person_id = (select current_person()))
    with check ((select current_pupils()) is null or (select current_task()) = 'session' or person_id = (select current_person()));
create policy family_reads_no_audit on audit_event as restrictive for select using ((select current_pupils()) is null);

-- A subgroup in a load's audience is one of the class beside it.
alter table subgroup add constraint subgroup_class_key unique (school_id, class_id, id);
alter table load_audience add constraint load_audience_subgroup_of_class_fk
    foreign key (school_id, class_id, subgroup_id) references subgroup (school_id, class_id, id);
create index load_audience_subgroup_of_class on load_audience (school_id, class_id, subgroup_id);

-- Whoever stopped being a guardian may become one again.
alter table guardianship drop constraint guardianship_pkey;
alter table guardianship add primary key (guardian_id, ward_id, valid_from);
alter table guardianship add constraint guardianship_not_twice exclude using gist
    (guardian_id with =, ward_id with =, daterange(valid_from, valid_to, '[]') with &&);

-- What a key cannot say is said by a trigger with a constraint's name, as `lesson_inside_year` does.
create function subgroup_member_one_of_split() returns trigger language plpgsql as $$
begin
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
create trigger subgroup_member_one_of_split before insert or update on subgroup_member
    for each row execute function subgroup_member_one_of_split();

create function period_inside_year() returns trigger language plpgsql as $$
begin
    if not exists (
        select from period_system s
        join academic_year y on y.school_id = s.school_id and y.id = s.year_id
        where s.school_id = new.school_id and s.id = new.system_id
          and new.starts_on >= y.starts_on and new.ends_on <= y.ends_on
    ) then
        raise exception 'period outside its academic year'
            using errcode = 'check_violation', constraint = 'period_inside_year';
    end if;
    return new;
end
$$;
create trigger period_inside_year before insert or update of starts_on, ends_on, system_id on period
    for each row execute function period_inside_year();

create function holiday_inside_year() returns trigger language plpgsql as $$
begin
    if not exists (
        select from academic_year y
        where y.school_id = new.school_id and y.id = new.year_id
          and new.starts_on >= y.starts_on and new.ends_on <= y.ends_on
    ) then
        raise exception 'holiday outside its academic year'
            using errcode = 'check_violation', constraint = 'holiday_inside_year';
    end if;
    return new;
end
$$;
create trigger holiday_inside_year before insert or update of starts_on, ends_on, year_id on holiday
    for each row execute function holiday_inside_year();

create function load_audience_same_year() returns trigger language plpgsql as $$
begin
    if not exists (
        select from teaching_load l join class c on c.school_id = l.school_id and c.year_id = l.year_id
        where l.school_id = new.school_id and l.id = new.load_id and c.id = new.class_id
    ) then
        raise exception 'class of another year'
            using errcode = 'check_violation', constraint = 'load_audience_same_year';
    end if;
    return new;
end
$$;
create trigger load_audience_same_year before insert or update of load_id, class_id on load_audience
    for each row execute function load_audience_same_year();

create function card_same_year() returns trigger language plpgsql as $$
begin
    if not exists (
        select from timetable_version v join teaching_load l on l.school_id = v.school_id and l.year_id = v.year_id
        where v.school_id = new.school_id and v.id = new.version_id and l.id = new.load_id
    ) then
        raise exception 'load of another year'
            using errcode = 'check_violation', constraint = 'card_same_year';
    end if;
    return new;
end
$$;
create trigger card_same_year before insert or update of version_id, load_id on card
    for each row execute function card_same_year();
