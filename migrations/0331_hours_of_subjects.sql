-- Hours in which lessons of a subject, or of one load of it, do not lie or should rather not: as with teachers and classes, cell by cell,
-- each with its weight. A file of FET says them as preferred times. An older server leaves out rows of whom it does not know.

alter table unavailability
    add column subject_id bigint,
    add column load_id bigint,
    drop constraint unavailability_of_one_thing,
    add constraint unavailability_of_one_thing check (
        num_nonnulls(employee_id, class_id, subgroup_id, room_id, subject_id, load_id) = 1),
    drop constraint unavailability_weight_known,
    add constraint unavailability_weight_known check (weight in ('maybe', 'rather', 'very', 'must')
        and (weight = 'must' or num_nonnulls(employee_id, class_id, subject_id, load_id) = 1)),
    drop constraint unavailability_key,
    add constraint unavailability_key unique nulls not distinct
        (school_id, year_id, employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot, valid_from, valid_to),
    add constraint unavailability_subject_fk foreign key (school_id, subject_id) references subject (school_id, id),
    add constraint unavailability_load_fk foreign key (school_id, load_id)
        references teaching_load (school_id, id) on delete cascade;
create index unavailability_subject on unavailability (school_id, subject_id);
create index unavailability_load on unavailability (school_id, load_id);
comment on table unavailability is 'Недоступное или нежелательное время учителя, класса, подгруппы, кабинета, предмета или нагрузки';
