-- Names sort as people expect, whatever the cluster was made with: Ё beside Е and not behind Я, room 2 before room 10.
-- The collation is deterministic, so equality and uniqueness stay what they were.

create collation by_name (provider = icu, locale = 'ru-u-kn-true');

alter table person
    alter column last_name type text collate by_name,
    alter column first_name type text collate by_name,
    alter column middle_name type text collate by_name;
alter table organisation
    alter column name type text collate by_name,
    alter column short_name type text collate by_name;
alter table building alter column name type text collate by_name;
alter table room alter column name type text collate by_name;
alter table subject alter column name type text collate by_name;
alter table class alter column name type text collate by_name;
alter table subgroup alter column name type text collate by_name;
alter table position alter column title type text collate by_name;
