-- Web Push: the devices that families have turned on, and when they are left in peace (docs/decisions/0023).

create table push_device (
    school_id bigint not null,
    -- all that a message holds
    id uuid not null,
    person_id bigint not null,
    -- where it was turned on: a session that its owner has ended takes the device along
    session_id uuid,
    -- at the push service of its browser, with what a message to it is encrypted
    endpoint text not null,
    endpoint_hash bytea not null,
    p256dh bytea not null,
    auth bytea not null,
    -- «Chrome, Android»
    name text not null,
    -- shows what happened, also on a locked screen
    detailed boolean not null default false,
    made_at timestamptz not null,
    expires_at timestamptz,
    told_at timestamptz,
    -- the latest notice that it is to be told of, and up to which it was told
    news bigint not null,
    upto bigint not null,
    failures smallint not null default 0,
    -- not before; also as long as a server has it in hand
    retry_at timestamptz,
    primary key (school_id, id),
    constraint push_device_endpoint_key unique (school_id, person_id, endpoint_hash),
    constraint push_device_endpoint_text_length check (char_length(endpoint) between 10 and 1024),
    constraint push_device_endpoint_hash_length check (octet_length(endpoint_hash) = 32),
    constraint push_device_p256dh_length check (octet_length(p256dh) = 65),
    constraint push_device_auth_length check (octet_length(auth) = 16),
    constraint push_device_name_text_length check (char_length(name) between 1 and 200),
    constraint push_device_failures_plausible check (failures >= 0),
    constraint push_device_school_fk foreign key (school_id) references organisation (id),
    constraint push_device_person_fk foreign key (person_id) references person (id),
    constraint push_device_session_fk foreign key (session_id) references session (id) on delete set null
);
create index push_device_person on push_device (person_id);
create index push_device_session on push_device (session_id);
-- the few that have something to be told
create index push_device_due on push_device (retry_at) where news > upto;
comment on table push_device is 'Устройство, на которое приходят уведомления; в сообщении — только его номер';

-- From one hour to another by the school's clock nothing is pushed. No row: from 22 to 7.
create table push_quiet (
    school_id bigint not null,
    person_id bigint not null,
    from_hour smallint not null,
    to_hour smallint not null,
    primary key (school_id, person_id),
    constraint push_quiet_from_hour_plausible check (from_hour between 0 and 23),
    constraint push_quiet_to_hour_plausible check (to_hour between 0 and 23),
    constraint push_quiet_school_fk foreign key (school_id) references organisation (id),
    constraint push_quiet_person_fk foreign key (person_id) references person (id)
);
create index push_quiet_person on push_quiet (person_id);
comment on table push_quiet is 'Тихие часы человека';

do $$
declare
    t text;
begin
    foreach t in array array['push_device', 'push_quiet'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy school_wall on %I using (school_id = (select current_school())) '
            'with check (school_id = (select current_school()))', t);
        execute format('create policy own_wall on %I as restrictive '
            'using ((select current_pupils()) is null or person_id = (select current_person())) '
            'with check ((select current_pupils()) is null or person_id = (select current_person()))', t);
        execute format('create policy job_looks on %I for select using ((select current_task()) = ''job'')', t);
    end loop;
end
$$;
-- the worker takes devices of all schools in hand, and takes those away that are no more
create policy job_sends on push_device for update using ((select current_task()) = 'job') with check ((select current_task()) = 'job');
create policy job_sweeps on push_device for delete using ((select current_task()) = 'job');
