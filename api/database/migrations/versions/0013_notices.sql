-- Who is told that cashback or points are about to expire: until when she has been told, and whether it went out.
create table expiry_notice (
    member_id  uuid primary key,
    told_until timestamptz not null,
    queued_at  timestamptz not null,
    sent_at    timestamptz
);
create index expiry_notice_waiting on expiry_notice (queued_at) where sent_at is null;

-- Up to which end of lots has been looked, for whom to tell: one row.
create table expiry_look (
    only_one  boolean primary key default true check (only_one),
    looked_to timestamptz not null
);
insert into expiry_look (looked_to) values ('epoch');

do $$ declare c name; begin
    for c in select conname from pg_constraint
              where conrelid = 'public.consent'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%feedback%' loop
        execute format('alter table public.consent drop constraint %I', c);
    end loop;
end $$;
alter table consent add constraint consent_purpose check (purpose in ('news', 'personal', 'feedback', 'expiry', 'history'));

grant select, insert, update, delete on expiry_notice to kierto_api;
grant select, update on expiry_look to kierto_api;
