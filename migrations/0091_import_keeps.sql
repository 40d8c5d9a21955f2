-- What a FET file says and an import did not keep: a subgroup's own unavailable times, and lessons that should be spread
-- over the week.

alter table unavailability
    add column subgroup_id bigint,
    drop constraint unavailability_of_one_thing,
    add constraint unavailability_of_one_thing check (num_nonnulls(employee_id, class_id, subgroup_id, room_id) = 1),
    drop constraint unavailability_key,
    add constraint unavailability_key unique nulls not distinct
        (school_id, year_id, employee_id, class_id, subgroup_id, room_id, day, slot),
    add constraint unavailability_subgroup_fk foreign key (school_id, subgroup_id) references subgroup (school_id, id);
create index unavailability_subgroup on unavailability (school_id, subgroup_id);
comment on table unavailability is 'Недоступное время учителя, класса, подгруппы или кабинета';

-- Cards of one version with the same series should lie at least so many days from each other (1: not on the same day).
-- A wish of the editor, never a prohibition; the number means nothing outside its version.
alter table card
    add column series integer,
    add column series_days smallint,
    add constraint card_series_plausible check
        ((series is null) = (series_days is null) and series >= 0 and series_days between 1 and 40);
