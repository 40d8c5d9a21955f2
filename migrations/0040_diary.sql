-- The diary asks «what is new since» and «what is due»: both by index. The first replaces `mark_pupil`, whose columns
-- it begins with; so a mark keeps as many indexes as before.
create index mark_pupil_changed on mark (school_id, pupil_id, changed_at);
drop index mark_pupil;
create index homework_due on homework (school_id, load_id, due_on);
