-- Works that were removed are found by the lesson they were of: its history tells of them, and the figures that they were in.
create index audit_event_removed_work on audit_event (school_id, (old ->> 'lesson')) where action = 'assignment.removed';
