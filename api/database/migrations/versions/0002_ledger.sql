-- Less room and less work for each receipt, and wallets in more units than the programme's currency.
-- Rows are copied as they are: a movement says what it said, so the chains of hashes hold.

-- 128 bits of a text's SHA-256: what a claim is found by.
create function ledger.digest(p_text text) returns uuid language sql immutable parallel safe as $$
    select encode(substr(sha256(convert_to(p_text, 'UTF8')), 1, 16), 'hex')::uuid
$$;

-- A movement's kind and accounts in one number: hundreds the kind, tens from where, ones to where.
-- Versions are the member's, not the wallet's: every unit of a member keeps the same clock, that of the home currency.
-- No foreign keys to the wallet: the functions hold it while they write, and `verify` looks.
create table ledger.movement_2 (
    version         bigint not null,  -- the member's version after it
    amount          bigint not null check (amount > 0),
    event_at        timestamptz not null,
    recorded_at     timestamptz not null,
    pending_left    bigint,           -- of the wallet after it; null for none
    available_left  bigint,
    debt_left       bigint,
    member_id       uuid not null,
    lot_id          uuid,
    purchase_id     uuid,
    refund_id       uuid,
    hash            bytea not null,   -- of the movement before it in its wallet and all that this one says: a chain per wallet
    step            smallint not null check (step / 100 between 1 and 8 and step / 10 % 10 between 1 and 7
                                             and step % 10 between 1 and 7 and step / 10 % 10 <> step % 10),
    unit            text not null,
    kind            text generated always as (('{accrual,release,redemption,restoration,clawback,absorption,expiry,adjustment}'::text[])
                                              [step / 100]) virtual,
    from_account    text generated always as (('{pending,available,debt,funding,redeemed,expired,adjusted}'::text[])
                                              [step / 10 % 10]) virtual,
    to_account      text generated always as (('{pending,available,debt,funding,redeemed,expired,adjusted}'::text[])
                                              [step % 10]) virtual,
    pending_after   bigint generated always as (coalesce(pending_left, 0)) virtual,
    available_after bigint generated always as (coalesce(available_left, 0)) virtual,
    debt_after      bigint generated always as (coalesce(debt_left, 0)) virtual
);
insert into ledger.movement_2 (version, amount, event_at, recorded_at, pending_left, available_left, debt_left, member_id,
                               lot_id, purchase_id, refund_id, hash, step, unit)
    select version, amount, event_at, recorded_at, nullif(pending_after, 0), nullif(available_after, 0), nullif(debt_after, 0),
           member_id, lot_id, purchase_id, refund_id, hash,
           100 * array_position('{accrual,release,redemption,restoration,clawback,absorption,expiry,adjustment}', kind)
           + 10 * array_position('{pending,available,debt,funding,redeemed,expired,adjusted}', from_account)
           + array_position('{pending,available,debt,funding,redeemed,expired,adjusted}', to_account), unit
      from ledger.movement order by member_id, version;

-- A lot's id is its purchase's, numbered in the last 16 bits, where the purchase's own are zero; others name their purchase.
create table ledger.lot_2 (
    original         bigint not null check (original > 0),
    remaining        bigint not null check (remaining between 0 and original),
    expired          bigint check (expired >= 0),  -- null for none
    forgiven         bigint check (forgiven between 0 and coalesce(expired, 0)),
    available_at     timestamptz not null,
    expires_at       timestamptz,
    member_id        uuid not null,
    lot_id           uuid not null,
    bought_in        uuid,
    campaign_version integer not null,
    unit             text not null,
    campaign_id      text not null,
    released         boolean not null,
    purchase_id      uuid generated always as (coalesce(bought_in, case when uuid_extract_version(lot_id) = 7 then
                         encode(set_byte(set_byte(uuid_send(lot_id), 14, 0), 15, 0), 'hex')::uuid end)) virtual
);
insert into ledger.lot_2 (original, remaining, expired, forgiven, available_at, expires_at, member_id, lot_id, bought_in,
                          campaign_version, unit, campaign_id, released)
    select original, remaining, nullif(expired, 0), nullif(forgiven, 0), available_at, expires_at, member_id, lot_id,
           purchase_id, campaign_version, unit, campaign_id, released
      from ledger.lot order by member_id, lot_id;

create table ledger.receipt_claim_2 (
    receipt     uuid not null,  -- digest of programme, store and number
    member_id   uuid not null,
    purchase_id uuid not null
);
insert into ledger.receipt_claim_2
    select ledger.digest(concat_ws(E'\n', programme_id, store_id, receipt_number)), member_id, purchase_id from ledger.receipt_claim;

create table ledger.write_claim_2 (
    claim       uuid not null,  -- digest of whose key it is and the key
    fingerprint uuid not null,  -- the first 16 bytes
    member_id   uuid not null,
    purchase_id uuid not null,
    refund_id   uuid
);
insert into ledger.write_claim_2
    select ledger.digest(scope || E'\n' || key), encode(substr(fingerprint, 1, 16), 'hex')::uuid, member_id, purchase_id, refund_id
      from ledger.write_claim;

do $$ declare f regprocedure; begin  -- those that name these tables' types; the files under api/database/sql bring them anew
    for f in select oid from pg_proc where pronamespace = 'ledger'::regnamespace and proname <> 'digest' loop
        execute 'drop function ' || f;
    end loop;
end $$;
drop table ledger.movement, ledger.lot, ledger.receipt_claim, ledger.write_claim;
alter table ledger.movement_2 rename to movement;
alter table ledger.lot_2 rename to lot;
alter table ledger.receipt_claim_2 rename to receipt_claim;
alter table ledger.write_claim_2 rename to write_claim;

alter table ledger.movement add primary key (member_id, version);
create index movement_spent on ledger.movement (member_id, purchase_id) where step between 300 and 499;
-- One index for both: a member's open lots, and by skipping over the two values of the middle column any lot by its id.
create unique index lot_of_member on ledger.lot (member_id, (remaining > 0), lot_id);
create index lot_bought_in on ledger.lot (member_id, bought_in) where bought_in is not null;
create index lot_to_release on ledger.lot (available_at) where not released and remaining > 0;
create index lot_to_expire on ledger.lot (expires_at) where released and remaining > 0 and expires_at is not null;
alter table ledger.receipt_claim add primary key (receipt);
alter table ledger.write_claim add primary key (claim);

-- A member has one home wallet, in the programme's currency: who holds it holds all, and its version is the member's.
alter table ledger.wallet add column home boolean not null default true;

-- Points earned (null: quoted before points were booked), spent, and what the spent ones were worth.
alter table ledger.purchase
    add column points bigint,
    add column points_spent bigint not null default 0,
    add column points_worth bigint not null default 0,
    add check (redeemed + points_worth <= total);
alter table ledger.refund
    add column points bigint not null default 0,           -- taken back
    add column points_restored bigint not null default 0;
grant select on all tables in schema ledger to kierto_api;
