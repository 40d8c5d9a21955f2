-- A lesson may belong to several series: files of FET have rules of days between that meet one another, and of these only the first was
-- taken. Here are the others, each {"number", "days", "weight"} as the columns beside; what a server of before copies loses them, as it
-- lost them at the import. They mean nothing outside the version and are only ever read and copied as a whole with their card.

alter table card
    add column more_series jsonb,
    add constraint card_more_series_plausible check
        (more_series is null or series is not null and jsonb_typeof(more_series) = 'array');
comment on column card.more_series is 'Другие серии, к которым относится урок: номер, дней между уроками, важность';
