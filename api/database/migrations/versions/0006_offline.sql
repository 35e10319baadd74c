-- What a till may do without a network.

-- The terms that tills were given, by version: a receipt that one of them quoted is honoured by what it was told.
create table till_kit (
    programme_id uuid not null references programme,
    version      text not null,
    campaigns    jsonb not null,  -- [[campaign, version], ...]
    made_at      timestamptz not null,
    primary key (programme_id, version)
);
create index till_kit_by_time on till_kit (programme_id, made_at);
grant select, insert on till_kit to kierto_api;

-- Each receipt that a till has queued without a network, as it was signed, and what came of it. Written once.
create table queued_receipt (
    programme_id   uuid not null references programme,
    store_id       text not null,
    key            text not null,
    outcome        text not null check (outcome in ('posted', 'refused')),
    receipt_number text not null,
    member_id      uuid,
    purchase_id    uuid,
    code           text,             -- why it was refused
    key_id         uuid not null,    -- the till's session
    said           text not null,    -- what was signed
    mac            text not null,
    unit           text not null,
    told           bigint not null,
    earned         bigint not null,
    shortfall      bigint not null check (shortfall >= 0),
    confirmed_at   timestamptz not null,
    received_at    timestamptz not null,
    sent_by        uuid not null,    -- the session that sent it
    place          uuid not null default gen_random_uuid(),
    primary key (programme_id, store_id, key, outcome)
);
create index queued_receipt_at_risk on queued_receipt (programme_id, store_id, received_at desc, place desc)
    where shortfall > 0 or outcome = 'refused' or earned < told;
grant select, insert on queued_receipt to kierto_api;
