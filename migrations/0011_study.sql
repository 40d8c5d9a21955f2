-- What the timetable editor and the import of other programs' files need beside 0003 and 0004.

-- A headcount before the pupils are enrolled (an imported file knows how many, not who).
alter table class add column planned_pupils integer,
    add constraint class_planned_pupils_plausible check (planned_pupils between 0 and 100000);
alter table subgroup add column planned_pupils integer,
    add constraint subgroup_planned_pupils_plausible check (planned_pupils between 0 and 100000);

-- Programs of the world ring up to 60 times a day.
alter table bell drop constraint bell_number_plausible,
    add constraint bell_number_plausible check (number between 0 and 60);

-- Rooms a load may use; none: any. The editor calls another room «not the usual one», it does not forbid it.
create table load_room (
    school_id bigint not null,
    load_id bigint not null,
    room_id bigint not null,
    primary key (school_id, load_id, room_id),
    constraint load_room_load_fk foreign key (school_id, load_id) references teaching_load (school_id, id) on delete cascade,
    constraint load_room_room_fk foreign key (school_id, room_id) references room (school_id, id)
);
create index load_room_room on load_room (school_id, room_id);
comment on table load_room is 'Кабинеты, в которых ведут нагрузку';

-- Subgroups of different splits that all the same share no pupil: they may have lessons at the same time.
create table subgroup_apart (
    school_id bigint not null,
    subgroup_id bigint not null,
    other_id bigint not null,
    primary key (school_id, subgroup_id, other_id),
    constraint subgroup_apart_pair_known check (subgroup_id < other_id),
    constraint subgroup_apart_subgroup_fk foreign key (school_id, subgroup_id) references subgroup (school_id, id) on delete cascade,
    constraint subgroup_apart_other_fk foreign key (school_id, other_id) references subgroup (school_id, id) on delete cascade
);
create index subgroup_apart_other on subgroup_apart (school_id, other_id);
comment on table subgroup_apart is 'Подгруппы разных делений без общих учеников';

do $$
declare
    t text;
begin
    foreach t in array array['load_room', 'subgroup_apart'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy school_wall on %I using (school_id = (select current_school())) '
            'with check (school_id = (select current_school()))', t);
    end loop;
end
$$;

grant select, insert, update, delete on load_room, subgroup_apart to parta_app;
