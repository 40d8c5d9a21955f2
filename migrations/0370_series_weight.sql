-- How much a series weighs, as its file says: until now one weight held for all series of the school, and what a file requires was
-- a wish. Without one (older imports, and cards that an older server copies) it is the school's, as before.

alter table card
    add column series_weight text,
    add constraint card_series_weight_known check
        (series_weight is null or series is not null and series_weight in ('maybe', 'rather', 'very', 'must'));
comment on column card.series_weight is 'Насколько важно, чтобы уроки серии шли в разные дни; пусто — как у всей школы';
