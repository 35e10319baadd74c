-- Who there is: programmes, stores, members, staff, sessions, and the codes by which they show themselves.
-- On a distributed PostgreSQL programme, store, staff and campaign are reference tables; member tables are distributed by
-- member_id, and the look-up tables (member_number, member_contact) by their own key.

create table programme (
    programme_id   uuid primary key,
    slug           text not null unique,
    name           text not null,
    currency       text not null check (currency ~ '^[A-Z]{3}$'),
    timezone       text not null,
    rules          jsonb not null default '{}',
    offers_version bigint not null default 1,
    epoch          uuid not null,  -- changes when a backup is restored: every device then refetches all
    created_at     timestamptz not null
);

create table store (
    programme_id uuid not null references programme,
    store_id     text not null,
    name         text not null,
    channel      text not null default 'store' check (channel in ('store', 'web')),
    primary key (programme_id, store_id)
);

create table member (
    member_id      uuid primary key,
    programme_id   uuid not null references programme,
    member_number  text not null,
    name           text not null default '',
    email          text,
    phone          text,
    language       text not null default 'en',
    birthday       date,
    segments       text[] not null default '{}',
    tier           text,
    use_history    boolean not null default true,
    offers_version bigint not null default 1,
    joined_at      timestamptz not null,
    closed_at      timestamptz
);

create table member_number (
    member_number text primary key check (member_number ~ '^[0-9]{10}$'),
    programme_id  uuid not null references programme,
    member_id     uuid not null
);

create table member_contact (
    programme_id uuid not null references programme,
    contact      text not null,
    member_id    uuid not null,
    primary key (programme_id, contact)
);

create table staff (
    staff_id        uuid primary key,
    programme_id    uuid not null,
    store_id        text not null,
    staff_number    text not null,
    name            text not null,
    role            text not null check (role in ('cashier', 'supervisor', 'manager')),
    pin_hash        text not null,
    failed_attempts integer not null default 0,
    locked_until    timestamptz,
    unique (programme_id, store_id, staff_number),
    foreign key (programme_id, store_id) references store
);

-- One row a signed-in device. A member's device makes codes; last_step is the newest code of it that was accepted, used_steps
-- are all of the last week, so that one which a till without a network has scanned is good once, even after a newer one.
create table session (
    session_id            uuid primary key,
    programme_id          uuid not null references programme,
    kind                  text not null check (kind in ('member', 'staff')),
    member_id             uuid,
    staff_id              uuid,
    store_id              text,
    device_name           text not null default '',
    refresh_hash          bytea not null,
    previous_refresh_hash bytea,
    rotated_at            timestamptz,
    created_at            timestamptz not null,
    last_seen_at          timestamptz not null,
    expires_at            timestamptz not null,
    revoked_at            timestamptz,
    last_step             bigint not null default 0,
    used_steps            bigint[] not null default '{}',
    check ((kind = 'member') = (member_id is not null)),
    check ((kind = 'staff') = (staff_id is not null and store_id is not null))
);
create index session_member on session (member_id) where member_id is not null;
create index session_refresh on session (refresh_hash);
create index session_previous_refresh on session (previous_refresh_hash) where previous_refresh_hash is not null;

create table one_time_code (
    programme_id uuid not null references programme,
    contact      text not null,
    code_hash    bytea not null,
    expires_at   timestamptz not null,
    attempts     integer not null default 0,
    sent_at      timestamptz not null,
    primary key (programme_id, contact)
);

create table rate_limit (
    bucket       text primary key,
    count        integer not null,
    window_start timestamptz not null
);

-- A member found at a till: the code is consumed, and what came of it may post one purchase within a few minutes.
create table identification (
    identification_id uuid primary key,
    programme_id      uuid not null references programme,
    member_id         uuid not null,
    session_id        uuid not null,  -- the till
    device_id         uuid,           -- the member's device whose code it was
    can_spend         boolean not null,
    key               text not null,
    fingerprint       bytea not null,
    created_at        timestamptz not null,
    expires_at        timestamptz not null,
    purchase_id       uuid,
    unique (session_id, key)
);

create table campaign (
    programme_id uuid not null references programme,
    campaign_id  text not null,
    state        text not null check (state in ('draft', 'scheduled', 'live', 'paused', 'ended', 'archived')),
    version      integer not null,  -- the version in force
    primary key (programme_id, campaign_id)
);

create table campaign_version (
    programme_id uuid not null,
    campaign_id  text not null,
    version      integer not null,
    body         jsonb not null,
    created_at   timestamptz not null,
    primary key (programme_id, campaign_id, version),
    foreign key (programme_id, campaign_id) references campaign deferrable initially deferred
);

create table offer_activation (
    member_id      uuid not null,
    campaign_id    text not null,
    activated_at   timestamptz not null,
    deactivated_at timestamptz,
    primary key (member_id, campaign_id)
);

grant select, insert, update, delete on all tables in schema public to kierto_api;
revoke update, delete on campaign_version from kierto_api;  -- terms are never changed
