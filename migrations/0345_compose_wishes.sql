-- One search may weigh the school's wishes otherwise than the school does, and says so wherever its result is told of. What got better
-- and what worse is kept with it, rule by rule, so that it can be read again when the draft that it came from has changed.

alter table compose_run
    add column wishes jsonb not null default '[]',
    add column change jsonb;
comment on column compose_run.wishes is 'Wishes of this search that differ from the school''s; study_core::compose::Wishes';
comment on column compose_run.change is 'Rules and teachers, before and after: ids and counts; study_core::compose::Change';
