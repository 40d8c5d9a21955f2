-- While a timetable is composed the page names what the best so far leaves unmet: cards without a place, broken rules with
-- their count and whose they are. Ids only, no names: whoever reads them knows the board.

alter table compose_run add column unmet jsonb;
comment on column compose_run.unmet is 'What the best so far leaves unmet: ids of cards, rules with counts; study_core::compose::Unmet';
