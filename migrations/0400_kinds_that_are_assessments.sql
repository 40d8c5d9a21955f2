-- Which kinds of work are assessments («оценочная процедура»): written by the whole class for half an hour and more. A column of such a kind is laid
-- against the limits of the schedule of assessment works, whether it was planned there or added in the journal.

alter table work_type add column assessment boolean not null default false;
comment on column work_type.assessment is 'Пишет весь класс, не меньше получаса: работу такого вида проверяют по графику оценочных процедур';

-- what the kinds that schools have are called; short dictations are none
alter table work_type no force row level security;
update work_type set assessment = true
where title ~* '(контрольн|срезов|диктант|изложени|сочинени|диагностич|всероссийск)' and title !~* '(словарн|математическ|терминологич|устн)';
alter table work_type force row level security;
