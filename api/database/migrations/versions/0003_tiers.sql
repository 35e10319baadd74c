-- Tiers, versions of a programme's own rules, and what managers publish.

-- A programme's rules: version 1 is what it began with, each change another one, from its instant on.
create table programme_rules (
    programme_id uuid not null references programme,
    version      integer not null check (version >= 1),
    starts_at    timestamptz not null,
    body         jsonb not null,
    created_at   timestamptz not null,
    primary key (programme_id, version)
);
insert into programme_rules (programme_id, version, starts_at, body, created_at)
    select programme_id, 1, created_at, rules, created_at from programme;

alter table programme add rules_version integer not null default 1;  -- of `rules`: those that hold now

create function first_rules() returns trigger language plpgsql as $$
begin
    insert into public.programme_rules (programme_id, version, starts_at, body, created_at)
        values (new.programme_id, 1, new.created_at, new.rules, new.created_at);
    return null;
end $$;
create trigger first_rules after insert on programme for each row execute function first_rules();

-- A programme's ladder of tiers, version by version. One whose instant has come is taken up once, for all members.
create table tier_ladder (
    programme_id uuid not null references programme,
    version      integer not null check (version >= 1),
    starts_at    timestamptz not null,
    body         jsonb not null,
    created_at   timestamptz not null,
    primary key (programme_id, version)
);
create table tier_ladder_taken_up (
    programme_id uuid not null,
    version      integer not null,
    taken_up_at  timestamptz not null,
    primary key (programme_id, version),
    foreign key (programme_id, version) references tier_ladder
);

-- How a member stands on the ladder. Days are the programme's own; leaves_on is the first on which the tier is gone.
create table member_tier (
    member_id      uuid primary key,
    programme_id   uuid not null,
    ladder_version integer not null,
    tier           text,
    since          timestamptz not null,
    granted_until  date,            -- a tier that one was moved down to holds until then, whatever counts
    holds_until    date,            -- null: for ever
    counted        bigint not null,
    told_on        date,            -- a notice: said on, what is left on, for which tier, and how much would keep it
    leaves_on      date,
    leaves_for     text,
    missing        bigint,
    look_at        timestamptz,     -- when the calendar alone may change something; null: never
    check ((told_on is null) = (leaves_on is null))
);
create index member_tier_to_look_at on member_tier (look_at);

-- What became of a member's tier, and what that was based on. Append-only.
create table tier_history (
    member_id      uuid not null,
    entry          bigint generated always as identity,
    recorded_at    timestamptz not null,
    kind           text not null check (kind in ('reached', 'left', 'notice', 'notice_moved', 'notice_withdrawn')),
    from_tier      text,
    to_tier        text,
    at             timestamptz not null,  -- from when on it holds; of a notice: when the tier would be left
    ladder_version integer not null,
    based_on       jsonb not null,        -- what counted, in which period, the threshold, and the notice before
    primary key (member_id, entry)
);

-- Members whose purchases have changed since someone looked: noted in the transaction of the purchase, so none is missed.
create table tier_due (
    member_id uuid primary key
);

create function note_tier_due() returns trigger language plpgsql as $$
begin
    if exists (select from public.tier_ladder where programme_id = new.programme_id) then
        insert into public.tier_due (member_id) values (new.member_id) on conflict do nothing;
    end if;
    return null;
end $$;
create trigger note_tier_due after insert on ledger.purchase for each row execute function note_tier_due();

create function note_tier_due_of_refund() returns trigger language plpgsql as $$
begin
    insert into public.tier_due (member_id)
        select distinct f.member_id from fresh f join public.member m using (member_id)
         where exists (select from public.tier_ladder l where l.programme_id = m.programme_id) on conflict do nothing;
    return null;
end $$;
create trigger note_tier_due after insert on ledger.refund referencing new table as fresh
    for each statement execute function note_tier_due_of_refund();

-- What a manager has written, by the key that made it happen once.
create table manager_write (
    programme_id uuid not null references programme,
    key          text not null,
    fingerprint  bytea not null,
    staff_id     uuid not null,
    answer       jsonb not null,
    written_at   timestamptz not null,
    primary key (programme_id, key)
);

grant select, insert on programme_rules, tier_ladder, tier_ladder_taken_up, tier_history, manager_write to kierto_api;
grant select, insert, update, delete on member_tier, tier_due to kierto_api;
