-- Coursework (курсовая работа) of a college: a mark of a subject and period, with its topic (decision 46). It stands beside the mark of its
-- period and changes nothing of it; an older server passes the stage by.
alter table period_mark drop constraint period_mark_stage_known;
alter table period_mark add constraint period_mark_stage_known check (
    stage in ('period', 'coursework', 'half_1', 'half_2', 'interim', 'year', 'exam', 'final')
    and (stage in ('period', 'coursework')) = (period_id is not null));
alter table period_mark
    add column topic text,
    add constraint period_mark_topic_text_length check (char_length(topic) between 3 and 300),
    add constraint period_mark_topic_plausible check (topic is null or stage = 'coursework');
comment on column period_mark.topic is 'Тема курсовой работы';
