-- Where the money is. Nobody writes these tables but the functions under api/database/sql: append-only by privilege.
-- Amounts are minor units. Every key holds member_id, the distribution column, but for the two claims.

create schema ledger;

-- A member's balances in one unit (a currency, or PTS). Changes only with its movements, in the same transaction.
create table ledger.wallet (
    member_id    uuid not null,
    unit         text not null,
    programme_id uuid not null,
    pending      bigint not null default 0 check (pending >= 0),
    available    bigint not null default 0 check (available >= 0),
    debt         bigint not null default 0 check (debt >= 0),
    version      bigint not null default 0,
    head         bytea not null default '',  -- the hash of its newest movement
    updated_at   timestamptz not null,
    primary key (member_id, unit)
) with (fillfactor = 80);

create table ledger.purchase (
    member_id       uuid not null,
    purchase_id     uuid not null,
    programme_id    uuid not null,
    store_id        text not null,
    channel         text not null,
    receipt_number  text not null,
    at              timestamptz not null,
    recorded_at     timestamptz not null,
    source          text not null check (source in ('till', 'channel', 'import')),
    staff_id        uuid,
    session_id      uuid,
    unit            text not null,
    total           bigint not null check (total > 0),
    earned          bigint not null check (earned >= 0),
    redeemed        bigint not null check (redeemed >= 0 and redeemed <= total),
    refunds         integer not null default 0,
    basket          jsonb not null,
    quote           jsonb not null,
    pending_after   bigint not null,
    available_after bigint not null,
    debt_after      bigint not null,
    posted_version  bigint not null,  -- the wallet's version when it was posted
    version         bigint not null,  -- the wallet's version when it last changed
    primary key (member_id, purchase_id)
);
create index purchase_newest on ledger.purchase (member_id, at desc, purchase_id desc);
create index purchase_changed on ledger.purchase (member_id, version);
create index purchase_of_store on ledger.purchase (programme_id, store_id, recorded_at desc);

-- One amount earned: by one campaign version, in one purchase. original = remaining + all that movements took from it.
create table ledger.lot (
    member_id        uuid not null,
    lot_id           uuid not null,
    unit             text not null,
    purchase_id      uuid,
    campaign_id      text not null,
    campaign_version integer not null,
    original         bigint not null check (original > 0),
    remaining        bigint not null check (remaining between 0 and original),
    expired          bigint not null default 0 check (expired >= 0),
    forgiven         bigint not null default 0 check (forgiven between 0 and expired),
    released         boolean not null,
    available_at     timestamptz not null,
    expires_at       timestamptz,
    version          bigint not null,
    primary key (member_id, lot_id),
    foreign key (member_id, unit) references ledger.wallet
) with (fillfactor = 90);
create index lot_open on ledger.lot (member_id, unit, expires_at) where remaining > 0;
create index lot_of_purchase on ledger.lot (member_id, purchase_id);
create index lot_to_release on ledger.lot (available_at) where not released and remaining > 0;
create index lot_to_expire on ledger.lot (expires_at) where released and remaining > 0;

-- One amount moved from one account to another: one row, so it balances by construction.
-- A member's accounts: pending, available, debt. A programme's: funding, redeemed, expired, adjusted.
create table ledger.movement (
    member_id       uuid not null,
    unit            text not null,
    version         bigint not null,  -- the wallet's version after it
    kind            text not null check (kind in
                    ('accrual', 'release', 'redemption', 'restoration', 'clawback', 'absorption', 'expiry', 'adjustment')),
    from_account    text not null,
    to_account      text not null check (to_account <> from_account),
    amount          bigint not null check (amount > 0),
    lot_id          uuid,
    purchase_id     uuid,
    refund_id       uuid,
    event_at        timestamptz not null,
    recorded_at     timestamptz not null,
    pending_after   bigint not null,
    available_after bigint not null,
    debt_after      bigint not null,
    hash            bytea not null,  -- of the movement before it and all of the above: a chain per wallet
    primary key (member_id, unit, version),
    foreign key (member_id, unit) references ledger.wallet
);
create index movement_spent on ledger.movement (member_id, purchase_id) where kind in ('redemption', 'restoration');

create table ledger.refund (
    member_id       uuid not null,
    refund_id       uuid not null,
    purchase_id     uuid not null,
    at              timestamptz not null,
    staff_id        uuid,
    session_id      uuid,
    reason          text not null,
    amount          bigint not null check (amount > 0),
    clawed_back     bigint not null,
    from_pending    bigint not null,
    from_available  bigint not null,
    to_debt         bigint not null,
    restored        bigint not null,
    lines           jsonb not null,  -- [{line, quantity, amount, clawed_back, restored}]
    pending_after   bigint not null,
    available_after bigint not null,
    debt_after      bigint not null,
    version         bigint not null,
    primary key (member_id, refund_id),
    foreign key (member_id, purchase_id) references ledger.purchase
);
create index refund_of_purchase on ledger.refund (member_id, purchase_id);

-- What a campaign with a total budget has given, in buckets: receipts of different members seldom meet in one row.
create table ledger.budget (
    programme_id uuid not null,
    campaign_id  text not null,
    bucket       smallint not null,
    share        bigint not null check (share >= 0),
    given        bigint not null default 0 check (given between 0 and share),
    primary key (programme_id, campaign_id, bucket)
) with (fillfactor = 50);

-- The two claims are unique over all members: one till receipt credits one member once, one key has one effect.
create table ledger.receipt_claim (
    programme_id   uuid not null,
    store_id       text not null,
    receipt_number text not null,
    member_id      uuid not null,
    purchase_id    uuid not null,
    primary key (programme_id, store_id, receipt_number)
);
create index receipt_claim_of_purchase on ledger.receipt_claim (purchase_id);

create table ledger.write_claim (
    scope       text not null,  -- whose key it is: one store's tills, one channel
    key         text not null,
    fingerprint bytea not null,
    member_id   uuid not null,
    purchase_id uuid not null,
    refund_id   uuid,
    claimed_at  timestamptz not null,
    primary key (scope, key)
);
