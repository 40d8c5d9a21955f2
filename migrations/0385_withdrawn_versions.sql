-- A version that was withdrawn gives its days back to the one before it. That one was published long ago: what families are told is the
-- day on which it holds again, not its first one.
alter table timetable_version add column again_from date;
comment on column timetable_version.again_from is 'С какого дня версия действует снова, потому что снята с публикации та, что её сменила';
