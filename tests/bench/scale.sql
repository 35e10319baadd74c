-- Synthetic members numbered p_first..p_last, each with p_rounds purchases. Every id is made of a number, every sum is worked
-- out by a window, and the journal's chain is a running aggregate.
create or replace function pg_temp.link(bytea, bytea) returns bytea language sql immutable parallel safe as 'select sha256($1 || $2)';
drop aggregate if exists pg_temp.chained(bytea);
create aggregate pg_temp.chained(bytea) (sfunc = pg_temp.link, stype = bytea, initcond = '');

create or replace function pg_temp.id(p_kind integer, p_round integer, p_n integer) returns uuid language sql immutable as $$
    select (lpad(to_hex(27000000 + p_kind), 8, '0') || lpad(to_hex(p_round), 4, '0') || '70008000' || lpad(to_hex(p_n), 12, '0'))::uuid
$$;

create or replace function pg_temp.load(p_programme uuid, p_first integer, p_last integer, p_rounds integer, p_now timestamptz)
    returns void language plpgsql as $$
declare
    step interval := least(interval '20 days', interval '700 days' / p_rounds);
begin
    drop table if exists bought, moved;
    create temp table bought as
        select n, r, pg_temp.id(0, 0, n) as member_id, pg_temp.id(1, r, n) as purchase_id, pg_temp.id(2, r, n) as lot_id,
               value, coalesce(lag(value) over (partition by n order by r) / 2, 0) as spent,
               case when r < p_rounds then value / 2 else 0 end as spent_later,
               p_now - step * (p_rounds - r) - interval '1 day' - interval '1 millisecond' * (n % 80000000) as at
          from (select n, r, (100 + abs(hashint8(n::bigint * 100003 + r)::bigint) % 900)::bigint as value
                  from generate_series(p_first, p_last) n cross join generate_series(1, p_rounds) r) v;
    -- three movements a round: the first spends nothing in round 1, the last is yet to come in the last round
    create temp table moved as
        select member_id, row_number() over o as version, kind, from_account, to_account, amount, lot_id, purchase_id, event_at,
               (sum(pending) over o)::bigint as pending, (sum(available) over o)::bigint as available, n, r
          from (select b.n, b.r, b.member_id, b.purchase_id, x.*, case x.place when 1 then pg_temp.id(2, b.r - 1, b.n) else b.lot_id end as lot_id
                  from bought b cross join lateral (values
                       (1, 'redemption', 'available', 'redeemed', b.spent, 0::bigint, -b.spent, b.at),
                       (2, 'accrual', 'funding', 'pending', b.value, b.value, 0::bigint, b.at),
                       (3, 'release', 'pending', 'available', b.value, -b.value, b.value, b.at + step * 0.7)
                       ) x(place, kind, from_account, to_account, amount, pending, available, event_at)
                 where not (b.r = 1 and x.place = 1) and not (b.r = p_rounds and x.place = 3)) rows
        window o as (partition by n order by r, place);
    insert into ledger.movement (member_id, unit, version, step, amount, lot_id, bought_in, event_at, recorded_at, pending_left,
                                 available_left, hash)
        select member_id, 'BRL', version, ledger.step(kind, from_account, to_account), amount, lot_id, purchase_id, event_at, event_at,
               nullif(pending, 0), nullif(available, 0),
               pg_temp.chained(ledger.words(member_id, 'BRL', version, kind, from_account, to_account, amount, lot_id, purchase_id,
                                           null, event_at, event_at, pending, available, 0)) over (partition by n order by version)
          from moved order by n, version;
    insert into ledger.wallet (member_id, unit, programme_id, pending, available, version, head, updated_at)
        select member_id, unit, p_programme, pending_after, available_after, version, hash, recorded_at from ledger.movement
         where member_id between pg_temp.id(0, 0, p_first) and pg_temp.id(0, 0, p_last) and version = 3 * p_rounds - 2;
    insert into ledger.lot (member_id, lot_id, unit, bought_in, campaign_id, campaign_version, original, remaining, released,
                            available_at, expires_at)
        select member_id, lot_id, 'BRL', purchase_id, 'everyday', 1, value, value - spent_later, r < p_rounds,
               at + step * 0.7, p_now + interval '1 year'
          from bought order by n, r;
    insert into ledger.purchase (member_id, purchase_id, programme_id, store_id, channel, receipt_number, at, recorded_at, source,
                                 unit, total, earned, redeemed, basket, quote, pending_after, available_after, debt_after,
                                 posted_version, version)
        select b.member_id, b.purchase_id, p_programme, 'centro', 'store', 'S-' || b.n || '-' || b.r, b.at, b.at, 'import', 'BRL',
               b.value * 20, b.value, b.spent,
               jsonb_build_object('lines', jsonb_build_array(jsonb_build_object('name', 'Groceries', 'category', 'food', 'quantity', 1,
                   'unit_price', b.value * 20, 'discount', 0, 'tags', '[]'::jsonb))),
               jsonb_build_object('earned', jsonb_build_object('amount', b.value, 'currency', 'BRL'), 'rewards', '[]'::jsonb,
                   'lines', '[]'::jsonb),
               v.pending, v.available, 0, v.version, v.version
          from bought b join moved v on v.n = b.n and v.r = b.r and v.kind = 'accrual' order by b.n, b.r;
    insert into ledger.receipt_claim (receipt, member_id, purchase_id)
        select ledger.receipt_digest(p_programme, 'centro', 'S-' || n || '-' || r), member_id, purchase_id from bought order by n, r;
    insert into member (member_id, programme_id, member_number, name, joined_at)
        select pg_temp.id(0, 0, n), p_programme, lpad((5000000000 + n)::text, 10, '0'), 'Member ' || n, p_now - interval '900 days'
          from generate_series(p_first, p_last) n;
    insert into member_number (member_number, programme_id, member_id)
        select lpad((5000000000 + n)::text, 10, '0'), p_programme, pg_temp.id(0, 0, n) from generate_series(p_first, p_last) n;
    drop table bought, moved;
end $$;
