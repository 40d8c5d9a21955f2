-- The e-mail of the day: to an address that its owner has confirmed, once a day at the hour that they chose.
create table notice_email (
    school_id bigint not null,
    person_id bigint not null,
    address text not null,
    -- by the school's clock
    hour smallint not null,
    language text not null,
    -- SHA-256 of the digits that were sent to the address, until they are typed in here
    code_hash bytea,
    code_until timestamptz,
    code_tries smallint not null default 0,
    -- how many codes were sent since a moment: nobody is to be flooded
    codes smallint not null default 0,
    codes_since timestamptz,
    confirmed_at timestamptz,
    -- the day of the last letter, and up to which notice it told
    sent_on date,
    upto bigint not null default 0,
    failures smallint not null default 0,
    retry_at timestamptz,
    primary key (school_id, person_id),
    constraint notice_email_address_text_length check (char_length(address) between 3 and 254),
    constraint notice_email_address_plausible check (address ~ '^[^@\s]+@[^@\s]+$'),
    constraint notice_email_hour_plausible check (hour between 0 and 23),
    constraint notice_email_language_known check (language in ('ru', 'en')),
    constraint notice_email_code_hash_length check (octet_length(code_hash) = 32),
    constraint notice_email_school_fk foreign key (school_id) references organisation (id),
    constraint notice_email_person_fk foreign key (person_id) references person (id)
);
create index notice_email_person on notice_email (person_id);
comment on table notice_email is 'Почта для письма дня: адрес, час, до какого уведомления рассказано';

alter table notice_email enable row level security;
alter table notice_email force row level security;
create policy school_wall on notice_email using (school_id = (select current_school()))
    with check (school_id = (select current_school()));
create policy own_wall on notice_email as restrictive
    using ((select current_pupils()) is null or person_id = (select current_person()))
    with check ((select current_pupils()) is null or person_id = (select current_person()));
create policy job_looks on notice_email for select using ((select current_task()) = 'job');
