-- A large gym takes several classes at once. An older server writes rooms without the column: one class at a time, as before.
alter table room
    add column shared_by smallint not null default 1,
    add constraint room_shared_by_plausible check (shared_by between 1 and 8);
comment on column room.shared_by is 'Сколько классов (карточек) занимаются в кабинете одновременно';
