-- Owed works («точка»): the place of a mark says that the work is still to be handed in, perhaps by a day, and, once a mark stands there,
-- when it was (decision 27).

alter table mark
    add column owed boolean not null default false,
    -- the last day on which it is in time
    add column owed_until date,
    -- a mark pays what is owed
    add column handed_in date,
    add constraint mark_owed_until_of_a_debt check (owed_until is null or owed),
    add constraint mark_handed_in_with_a_mark check ((handed_in is not null) = (owed and code is not null));
-- what a pupil, and what a class still owes
create index mark_owed on mark (school_id, pupil_id) where owed and code is null;
comment on column mark.owed is '«Точка»: работу нужно сдать; если рядом стоит отметка — работа была должна и сдана';

-- By when a work is owed whose teacher names no day: so many days after the dot was set; none: no day.
alter table grading_rule
    add column owed_days smallint,
    add constraint grading_rule_owed_days_plausible check (owed_days between 1 and 90);

-- Families are told of it, each person as they choose.
alter table notice
    drop constraint notice_kind_known,
    add constraint notice_kind_known check (kind in
        ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark'));
alter table notice_choice
    drop constraint notice_choice_kind_known,
    add constraint notice_choice_kind_known check (kind in
        ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark'));
