-- Post purchases of different members, each member once, that spend nothing: all or none, in a few statements however many they are.
-- Answers them. What came between raises, and the caller does it again singly or anew.
-- Arrays are one entry a purchase, an identification being null where it is used up already; scopes and keys are empty where none has
-- a key. Those from r_purchase on are one entry a reward, r_purchase being its purchase's place from 1, with rewards in the home unit
-- before those in others.
create function ledger.post_purchases(
    p_programme uuid, p_unit text, p_source text, p_now timestamptz, p_staff uuid[], p_sessions uuid[], p_identifications uuid[],
    p_scopes text[], p_keys text[], p_fingerprints bytea[], p_members uuid[], p_purchases uuid[], p_stores text[], p_channels text[],
    p_receipts text[], p_ats timestamptz[], p_totals bigint[], p_baskets text[], p_quotes text[], p_wallets bigint[],
    r_purchase integer[], r_number integer[], r_units text[], r_campaigns text[], r_versions integer[], r_values bigint[],
    r_available timestamptz[], r_expires timestamptz[], r_budgeted boolean[])
    returns table (o_purchase uuid, o_receipt text, o_recorded_at timestamptz, o_unit text, o_total bigint, o_earned bigint, o_points bigint,
                   o_pending bigint, o_available bigint, o_debt bigint, o_version bigint) language plpgsql security definer set search_path = pg_catalog set lock_timeout = '200ms' as $$
declare
    asked integer := cardinality(p_members);
    n integer;
    moved integer;
    owing integer;
    round integer;
    r record;
begin
    if cardinality(p_keys) > 0 then
        insert into ledger.write_claim (claim, fingerprint, member_id, purchase_id)
            select ledger.key_digest(s, k), ledger.fingerprint(f), m, p
              from unnest(p_scopes, p_keys, p_fingerprints, p_members, p_purchases) u(s, k, f, m, p) order by 1 on conflict do nothing;
        get diagnostics n = row_count;
        if n < asked then raise exception 'a key was used meanwhile' using errcode = 'KT008'; end if;
    end if;
    insert into ledger.receipt_claim (receipt, member_id, purchase_id)
        select ledger.receipt_digest(p_programme, s, x), m, p
          from unnest(p_stores, p_receipts, p_members, p_purchases) u(s, x, m, p) order by 1 on conflict do nothing;
    get diagnostics n = row_count;
    if n < asked then raise exception 'a receipt was posted before' using errcode = 'KT003'; end if;
    if exists (select from unnest(p_staff, p_members) u(s, m) join public.staff_account a on a.staff_id = u.s and a.member_id = u.m) then
        raise exception 'own account' using errcode = 'KT010';
    end if;
    n := cardinality(array_remove(p_identifications, null));
    if n > 0 then
        update public.identification i set purchase_id = u.p
          from unnest(p_identifications, p_sessions, p_members, p_purchases) u(i, s, m, p)
         where i.identification_id = u.i and i.session_id = u.s and i.member_id = u.m and i.purchase_id is null and i.expires_at > p_now;
        get diagnostics moved = row_count;
        if moved < n then raise exception 'an identification is over' using errcode = 'KT004'; end if;
    end if;
    select count(*), count(*) filter (where held.version <> held.quoted), count(*) filter (where held.debt > 0) into n, moved, owing from (
        select w.version, w.debt, u.v as quoted from unnest(p_members, p_wallets) u(m, v)
          join ledger.wallet w on w.member_id = u.m and w.unit = p_unit and w.programme_id = p_programme
         order by w.member_id for update of w) held;
    if n < asked then raise exception 'no such wallet' using errcode = 'KT006'; end if;
    if moved > 0 then raise exception 'a wallet changed since the quote' using errcode = 'KT008'; end if;

    if exists (select from unnest(r_units) u where u <> p_unit) then
        owing := 1;
        insert into ledger.wallet (member_id, unit, programme_id, home, updated_at)
            select distinct p_members[t.purchase], t.unit, p_programme, false, p_now
              from unnest(r_purchase, r_units) t(purchase, unit) where t.unit <> p_unit on conflict do nothing;
    end if;
    insert into ledger.lot (original, remaining, available_at, expires_at, member_id, lot_id, bought_in, campaign_version, unit,
                            campaign_id, released)
        select value, value, available, expires, p_members[purchase], ledger.numbered(p_purchases[purchase], number),
               case when not ledger.is_round(p_purchases[purchase]) then p_purchases[purchase] end,
               version, unit, campaign, available <= p_ats[purchase]
          from unnest(r_purchase, r_number, r_units, r_campaigns, r_versions, r_values, r_available, r_expires)
               t(purchase, number, unit, campaign, version, value, available, expires);
    for round in 1 .. coalesce((select max(x) from unnest(r_number) x), 0) loop  -- the first reward of all, the second of all, ..
        with due as (
            select p_members[t.purchase] as member_id, p_purchases[t.purchase] as purchase_id, p_ats[t.purchase] as at, t.unit, t.value,
                   ledger.numbered(p_purchases[t.purchase], t.number) as lot_id, t.available <= p_ats[t.purchase] as at_once
              from unnest(r_purchase, r_number, r_units, r_values, r_available) t(purchase, number, unit, value, available)
             where t.number = round),
        after as (
            select d.*, w.head, w.debt, h.version + 1 as version, w.pending + case when d.at_once then 0 else d.value end as pending,
                   w.available + case when d.at_once then d.value else 0 end as available
              from due d join ledger.wallet w on w.member_id = d.member_id and w.unit = d.unit
              join ledger.wallet h on h.member_id = d.member_id and h.unit = p_unit),
        written as (
            insert into ledger.movement (version, amount, event_at, recorded_at, pending_left, available_left, debt_left, member_id,
                                         lot_id, bought_in, hash, step, unit)
            select version, value, at, p_now, nullif(pending, 0), nullif(available, 0), nullif(debt, 0), member_id, lot_id,
                   case when not ledger.is_round(purchase_id) then purchase_id end,
                   sha256(head || ledger.words(member_id, unit, version, 'accrual', 'funding',
                          case when at_once then 'available' else 'pending' end, value, lot_id, purchase_id, null, at, p_now,
                          pending, available, debt)),
                   case when at_once then 142 else 141 end, unit
              from after returning member_id, unit, version, pending_left, available_left, hash),
        clocks as (
            update ledger.wallet h set version = x.version
              from written x where h.member_id = x.member_id and h.unit = p_unit and x.unit <> p_unit)
        update ledger.wallet w
           set pending = coalesce(x.pending_left, 0), available = coalesce(x.available_left, 0), version = x.version, head = x.hash,
               updated_at = p_now
          from written x where w.member_id = x.member_id and w.unit = x.unit;
    end loop;
    for r in select t.purchase, t.campaign, t.value from unnest(r_purchase, r_campaigns, r_values, r_budgeted) t(purchase, campaign, value, budgeted)
              where t.budgeted order by t.campaign, ledger.bucket(p_programme, t.campaign, p_members[t.purchase])
    loop
        perform ledger.charge(p_programme, r.campaign, p_members[r.purchase], r.value);
    end loop;
    if owing > 0 then perform ledger.absorb_all(p_members, p_now); end if;
    if asked > (select count(distinct x) from unnest(r_purchase) x) then  -- some earn nothing
        update ledger.wallet w set version = w.version + 1, updated_at = p_now
          from generate_series(1, asked) i where i <> all (r_purchase) and w.member_id = p_members[i] and w.unit = p_unit;
    end if;
    if exists (select from public.tier_ladder where programme_id = p_programme) then
        insert into public.tier_due (member_id) select m from unnest(p_members) m order by 1 on conflict do nothing;
    end if;
    return query insert into ledger.purchase as posted (
                                 member_id, purchase_id, programme_id, store_id, channel, receipt_number, at, recorded_at, source,
                                 staff_id, session_id, unit, total, earned, redeemed, points, basket, quote,
                                 pending_after, available_after, debt_after, posted_version, version)
        select u.m, u.p, p_programme, u.store, u.channel, u.receipt, u.at, p_now, p_source, u.staff, u.session, p_unit, u.total,
               coalesce(e.earned, 0), 0, coalesce(e.points, 0), u.basket::jsonb, u.quote::jsonb, w.pending, w.available, w.debt, w.version, w.version
          from unnest(p_members, p_purchases, p_stores, p_channels, p_receipts, p_ats, p_totals, p_baskets, p_quotes, p_staff, p_sessions)
               with ordinality u(m, p, store, channel, receipt, at, total, basket, quote, staff, session, place)
          join ledger.wallet w on w.member_id = u.m and w.unit = p_unit
          left join (select t.purchase, sum(t.value) filter (where t.unit = p_unit) as earned,
                            sum(t.value) filter (where t.unit = 'PTS') as points
                       from unnest(r_purchase, r_units, r_values) t(purchase, unit, value) group by 1) e on e.purchase = u.place
        returning posted.purchase_id, posted.receipt_number, posted.recorded_at, posted.unit, posted.total::bigint,
                  posted.earned::bigint, posted.points,
                  posted.pending_after, posted.available_after, posted.debt_after, posted.posted_version;
end $$;
