-- A result that nobody was given was kept in the row of its search and read by nobody. It is not kept any more; an older server
-- may still write it, so the column stays.
comment on column compose_run.withheld is 'Written by servers before migration 0230 only, and read by nobody';
