-- The only writers of money. The API's role may execute the public ones (the last lines say which) and nothing else here.
-- A refusal is raised with a state of its own, so that everything the call did is undone:
--   KT001 more than is available     KT002 the key was used for something else   KT003 the receipt was posted before
--   KT004 the identification is over KT005 the code was used                     KT006 no such wallet or purchase
--   KT007 the purchase was refunded meanwhile        KT008 the wallet changed since the quote   KT009 the budget does not cover it

-- What a movement's hash is made of: any program can say it again from an exported statement.
create function ledger.said(m ledger.movement) returns bytea language sql stable parallel safe as $$  -- stable: so it is inlined
    select convert_to(concat_ws('|', m.member_id, m.unit, m.version, m.kind, m.from_account, m.to_account, m.amount,
        coalesce(m.lot_id::text, ''), coalesce(m.purchase_id::text, ''), coalesce(m.refund_id::text, ''),
        (extract(epoch from m.event_at) * 1000000)::bigint, (extract(epoch from m.recorded_at) * 1000000)::bigint,
        m.pending_after, m.available_after, m.debt_after), 'UTF8')
$$;

-- One movement: the row, and the wallet as it is after it. The caller saves the wallet.
create function ledger.move(w ledger.wallet, p_kind text, p_from text, p_to text, p_amount bigint, p_lot uuid,
                            p_purchase uuid, p_refund uuid, p_event_at timestamptz, p_now timestamptz)
    returns ledger.wallet language plpgsql as $$
declare
    m ledger.movement;
begin
    w.version := w.version + 1;
    case p_from
        when 'pending' then w.pending := w.pending - p_amount;
        when 'available' then w.available := w.available - p_amount;
        when 'debt' then w.debt := w.debt + p_amount;
        else null;
    end case;
    case p_to
        when 'pending' then w.pending := w.pending + p_amount;
        when 'available' then w.available := w.available + p_amount;
        when 'debt' then w.debt := w.debt - p_amount;
        else null;
    end case;
    m := row(w.member_id, w.unit, w.version, p_kind, p_from, p_to, p_amount, p_lot, p_purchase, p_refund,
             p_event_at, p_now, w.pending, w.available, w.debt, null);
    m.hash := sha256(w.head || ledger.said(m));
    insert into ledger.movement values (m.*);
    w.head := m.hash;
    return w;
end $$;

create function ledger.save(w ledger.wallet, p_now timestamptz) returns void language sql as $$
    update ledger.wallet
       set pending = w.pending, available = w.available, debt = w.debt, version = w.version, head = w.head, updated_at = p_now
     where member_id = w.member_id and unit = w.unit;
$$;

-- Take up to p_amount out of available lots: nearest expiry first, then oldest, never-expiring last. Purchases and campaigns
-- break ties, so that the same history gives the same lots.
create function ledger.take(inout w ledger.wallet, p_amount bigint, p_kind text, p_to text, p_purchase uuid, p_refund uuid,
                            p_now timestamptz, out missing bigint)
    language plpgsql as $$
declare
    l record;
    part bigint;
begin
    missing := p_amount;
    if missing = 0 then return; end if;
    for l in select lot_id, remaining from ledger.lot
              where member_id = w.member_id and unit = w.unit and remaining > 0 and released
                and (expires_at is null or expires_at > p_now)
              order by expires_at nulls last, available_at, purchase_id, campaign_id, lot_id
    loop
        part := least(missing, l.remaining);
        w := ledger.move(w, p_kind, 'available', p_to, part, l.lot_id, p_purchase, p_refund, p_now, p_now);
        update ledger.lot set remaining = remaining - part, version = w.version
         where member_id = w.member_id and lot_id = l.lot_id;
        missing := missing - part;
        exit when missing = 0;
    end loop;
end $$;

-- What is owed is taken from what is available.
create function ledger.absorb(w ledger.wallet, p_now timestamptz) returns ledger.wallet language plpgsql as $$
begin
    if w.debt > 0 and w.available > 0 then
        select (t.w).* into w from ledger.take(w, least(w.debt, w.available), 'absorption', 'debt', null, null, p_now) t;
    end if;
    return w;
end $$;

-- Bring one locked wallet up to p_now: pending lots that are due become available, available ones past their end expire.
create function ledger.settle_wallet(w ledger.wallet, p_now timestamptz) returns ledger.wallet language plpgsql as $$
declare
    l record;
begin
    for l in select lot_id, remaining, available_at, purchase_id from ledger.lot
              where member_id = w.member_id and unit = w.unit and remaining > 0 and not released and available_at <= p_now
              order by available_at, lot_id
    loop
        w := ledger.move(w, 'release', 'pending', 'available', l.remaining, l.lot_id, l.purchase_id, null, l.available_at, p_now);
        update ledger.lot set released = true, version = w.version where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    for l in select lot_id, remaining, expires_at, purchase_id from ledger.lot
              where member_id = w.member_id and unit = w.unit and remaining > 0 and released and expires_at <= p_now
              order by expires_at, lot_id
    loop
        w := ledger.move(w, 'expiry', 'available', 'expired', l.remaining, l.lot_id, l.purchase_id, null, l.expires_at, p_now);
        update ledger.lot set remaining = 0, expired = expired + l.remaining, version = w.version
         where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    return ledger.absorb(w, p_now);
end $$;

create function ledger.open_wallet(p_member uuid, p_unit text, p_programme uuid, p_now timestamptz) returns void language sql
    security definer set search_path = pg_catalog as $$
    insert into ledger.wallet (member_id, unit, programme_id, updated_at) values (p_member, p_unit, p_programme, p_now)
        on conflict do nothing;
$$;

-- Claim a key for one purchase or refund. True: it is new. False: the same call was done before. Raises KT002 otherwise.
create function ledger.claim(p_scope text, p_key text, p_fingerprint bytea, p_member uuid, p_purchase uuid, p_refund uuid, p_now timestamptz)
    returns boolean language plpgsql as $$
declare
    before bytea;
begin
    insert into ledger.write_claim (scope, key, fingerprint, member_id, purchase_id, refund_id, claimed_at)
        values (p_scope, p_key, p_fingerprint, p_member, p_purchase, p_refund, p_now)
        on conflict (scope, key) do nothing;
    if found then return true; end if;
    select fingerprint into before from ledger.write_claim where scope = p_scope and key = p_key;
    if before is distinct from p_fingerprint then
        raise exception 'the key was used for something else' using errcode = 'KT002';
    end if;
    return false;
end $$;

-- Set what a campaign may give in all, in so many buckets. What it gave stays given.
create function ledger.set_budget(p_programme uuid, p_campaign text, p_total bigint, p_buckets integer) returns void language plpgsql
    security definer set search_path = pg_catalog as $$
declare
    rest bigint;
begin
    insert into ledger.budget (programme_id, campaign_id, bucket, share)
        select p_programme, p_campaign, b, 0 from generate_series(0, p_buckets - 1) b on conflict do nothing;
    perform from ledger.budget where programme_id = p_programme and campaign_id = p_campaign order by bucket for update;
    select greatest(0, p_total - sum(given)) into rest from ledger.budget
     where programme_id = p_programme and campaign_id = p_campaign;
    update ledger.budget set share = given + rest / p_buckets + case when bucket < rest % p_buckets then 1 else 0 end
     where programme_id = p_programme and campaign_id = p_campaign and bucket < p_buckets;
    update ledger.budget set share = given
     where programme_id = p_programme and campaign_id = p_campaign and bucket >= p_buckets;
end $$;

-- Take p_amount out of a budget: from the member's own bucket, or where that is low from any. Raises KT009; gives back below 0.
create function ledger.charge(p_programme uuid, p_campaign text, p_member uuid, p_amount bigint) returns void language plpgsql as $$
declare
    own smallint;
    b record;
    part bigint;
    rest bigint := p_amount;
begin
    select abs(hashtext(p_member::text)::bigint) % count(*) into own from ledger.budget
     where programme_id = p_programme and campaign_id = p_campaign having count(*) > 0;
    if not found then return; end if;
    update ledger.budget set given = given + p_amount
     where programme_id = p_programme and campaign_id = p_campaign and bucket = own and given + p_amount between 0 and share;
    if found then return; end if;
    for b in select bucket, given, share from ledger.budget
              where programme_id = p_programme and campaign_id = p_campaign order by bucket for update
    loop
        part := greatest(least(rest, b.share - b.given), -b.given);
        update ledger.budget set given = given + part
         where programme_id = p_programme and campaign_id = p_campaign and bucket = b.bucket;
        rest := rest - part;
        exit when rest = 0;
    end loop;
    if rest > 0 then raise exception 'the budget of % does not cover it', p_campaign using errcode = 'KT009'; end if;
end $$;

-- Hold a wallet until the transaction ends, so that what is read next stays true.
create function ledger.hold(p_member uuid, p_unit text) returns void language plpgsql
    security definer set search_path = pg_catalog as $$
begin
    perform from ledger.wallet where member_id = p_member and unit = p_unit for update;
end $$;

-- Post one purchase: claim, spend, earn, in one call. Answers true, or false when this very call was done before.
-- p_version is the wallet's version that the quote was worked out at; null where the quote does not depend on it.
create function ledger.post_purchase(
    p_scope text, p_key text, p_fingerprint bytea, p_identification uuid, p_device uuid, p_step bigint,
    p_member uuid, p_purchase uuid, p_programme uuid, p_store text, p_channel text, p_receipt text, p_at timestamptz,
    p_source text, p_staff uuid, p_session uuid, p_unit text, p_total bigint, p_redeem bigint, p_basket jsonb, p_quote jsonb,
    p_campaigns text[], p_versions integer[], p_values bigint[], p_available_at timestamptz[], p_expires_at timestamptz[],
    p_budgeted boolean[], p_version bigint, p_now timestamptz)
    returns boolean language plpgsql security definer set search_path = pg_catalog as $$
declare
    w ledger.wallet;
    taken record;
    lot uuid;
    earned bigint := 0;
    at_once boolean;
begin
    if p_key is not null and not ledger.claim(p_scope, p_key, p_fingerprint, p_member, p_purchase, null, p_now) then
        return false;
    end if;
    insert into ledger.receipt_claim (programme_id, store_id, receipt_number, member_id, purchase_id)
        values (p_programme, p_store, p_receipt, p_member, p_purchase) on conflict do nothing;
    if not found then
        raise exception 'the receipt was posted before' using errcode = 'KT003';
    end if;
    if p_identification is not null then
        update public.identification set purchase_id = p_purchase
         where identification_id = p_identification and session_id = p_session and member_id = p_member
           and purchase_id is null and expires_at > p_now;
        if not found then raise exception 'the identification is over' using errcode = 'KT004'; end if;
    end if;
    if p_device is not null then
        update public.session
           set last_step = p_step, used_steps = array(select s from unnest(used_steps) s where s > p_step - 20300) || p_step
         where session_id = p_device and member_id = p_member and last_step < p_step and revoked_at is null;
        if not found then raise exception 'the code was used' using errcode = 'KT005'; end if;
    end if;
    select * into w from ledger.wallet where member_id = p_member and unit = p_unit and programme_id = p_programme for update;
    if not found then raise exception 'no such wallet' using errcode = 'KT006'; end if;
    if w.version <> p_version then raise exception 'the wallet changed since the quote' using errcode = 'KT008'; end if;

    if p_redeem > 0 then
        w := ledger.settle_wallet(w, p_now);
        taken := ledger.take(w, p_redeem, 'redemption', 'redeemed', p_purchase, null, p_now);
        w := taken.w;
        if taken.missing > 0 then raise exception 'more than is available' using errcode = 'KT001'; end if;
    end if;
    for i in 1 .. coalesce(array_length(p_values, 1), 0) loop
        lot := gen_random_uuid();
        at_once := p_available_at[i] <= p_at;
        w := ledger.move(w, 'accrual', 'funding', case when at_once then 'available' else 'pending' end, p_values[i], lot,
                         p_purchase, null, p_at, p_now);
        insert into ledger.lot (member_id, lot_id, unit, purchase_id, campaign_id, campaign_version, original, remaining,
                                released, available_at, expires_at, version)
            values (p_member, lot, p_unit, p_purchase, p_campaigns[i], p_versions[i], p_values[i], p_values[i],
                    at_once, p_available_at[i], p_expires_at[i], w.version);
        earned := earned + p_values[i];
        if p_budgeted[i] then perform ledger.charge(p_programme, p_campaigns[i], p_member, p_values[i]); end if;
    end loop;
    w := ledger.absorb(w, p_now);
    if earned = 0 and p_redeem = 0 then w.version := w.version + 1; end if;
    perform ledger.save(w, p_now);
    insert into ledger.purchase (member_id, purchase_id, programme_id, store_id, channel, receipt_number, at, recorded_at, source,
                                 staff_id, session_id, unit, total, earned, redeemed, basket, quote,
                                 pending_after, available_after, debt_after, posted_version, version)
        values (p_member, p_purchase, p_programme, p_store, p_channel, p_receipt, p_at, p_now, p_source,
                p_staff, p_session, p_unit, p_total, earned, p_redeem, p_basket, p_quote,
                w.pending, w.available, w.debt, w.version, w.version);
    return true;
end $$;

-- Give spent value back to the lots it came from, those that end last first. Up to p_amount of what is not given back yet.
create function ledger.restore(w ledger.wallet, p_amount bigint, p_purchase uuid, p_refund uuid, p_now timestamptz)
    returns ledger.wallet language plpgsql as $$
declare
    l record;
    part bigint;
    rest bigint := p_amount;
begin
    for l in select m.lot_id, sum(case m.kind when 'redemption' then m.amount else -m.amount end)::bigint as taken
               from ledger.movement m join ledger.lot o on o.member_id = m.member_id and o.lot_id = m.lot_id
              where m.member_id = w.member_id and m.purchase_id = p_purchase and m.kind in ('redemption', 'restoration')
              group by m.lot_id, o.expires_at, o.available_at, o.purchase_id, o.campaign_id
             having sum(case m.kind when 'redemption' then m.amount else -m.amount end) > 0
              order by o.expires_at desc nulls first, o.available_at desc, o.purchase_id desc, o.campaign_id desc
    loop
        exit when rest = 0;
        part := least(rest, l.taken);
        w := ledger.move(w, 'restoration', 'redeemed', 'available', part, l.lot_id, p_purchase, p_refund, p_now, p_now);
        update ledger.lot set remaining = remaining + part, version = w.version
         where member_id = w.member_id and lot_id = l.lot_id;
        rest := rest - part;
    end loop;
    if rest > 0 then raise exception 'more given back than was spent' using errcode = 'KT007'; end if;
    return w;
end $$;

-- Take back what one campaign version gave: from its own lot, then from what is available, then as a debt.
-- What of the lot had expired unspent is forgiven: the member never had it.
create function ledger.claw_back(inout w ledger.wallet, p_lot ledger.lot, p_amount bigint, p_purchase uuid, p_refund uuid,
                                 p_now timestamptz, out from_pending bigint, out from_available bigint, out to_debt bigint)
    language plpgsql as $$
declare
    own bigint := least(p_amount, p_lot.remaining);
    gone bigint := least(p_amount - own, p_lot.expired - p_lot.forgiven);
    rest bigint := p_amount - own - gone;
    taken record;
begin
    from_pending := case when p_lot.released then 0 else own end;
    from_available := own - from_pending;
    if own > 0 then
        w := ledger.move(w, 'clawback', case when p_lot.released then 'available' else 'pending' end, 'funding', own, p_lot.lot_id,
                         p_purchase, p_refund, p_now, p_now);
    end if;
    update ledger.lot set remaining = remaining - own, forgiven = forgiven + gone, version = w.version
     where member_id = w.member_id and lot_id = p_lot.lot_id;
    taken := ledger.take(w, rest, 'clawback', 'funding', p_purchase, p_refund, p_now);
    w := taken.w;
    to_debt := taken.missing;
    from_available := from_available + rest - to_debt;
    if to_debt > 0 then
        w := ledger.move(w, 'clawback', 'debt', 'funding', to_debt, null, p_purchase, p_refund, p_now, p_now);
    end if;
end $$;

-- Take a purchase back, or lines of it. Answers true, or false when this very call was done before.
-- p_refunds is how many refunds the caller saw when it worked out the amounts.
create function ledger.post_refund(
    p_scope text, p_key text, p_fingerprint bytea, p_member uuid, p_purchase uuid, p_refund uuid, p_refunds integer,
    p_staff uuid, p_session uuid, p_reason text, p_amount bigint, p_restore bigint, p_lines jsonb,
    p_campaigns text[], p_versions integer[], p_values bigint[], p_now timestamptz)
    returns boolean language plpgsql security definer set search_path = pg_catalog as $$
declare
    w ledger.wallet;
    l ledger.lot;
    c record;
    from_pending bigint := 0;
    from_available bigint := 0;
    to_debt bigint := 0;
begin
    if p_key is not null and not ledger.claim(p_scope, p_key, p_fingerprint, p_member, p_purchase, p_refund, p_now) then
        return false;
    end if;
    select t.* into w from ledger.wallet t join ledger.purchase p on p.member_id = t.member_id and p.unit = t.unit
     where p.member_id = p_member and p.purchase_id = p_purchase for update of t;
    if not found then raise exception 'no such purchase' using errcode = 'KT006'; end if;
    update ledger.purchase set refunds = refunds + 1
     where member_id = p_member and purchase_id = p_purchase and refunds = p_refunds;
    if not found then raise exception 'the purchase was refunded meanwhile' using errcode = 'KT007'; end if;

    w := ledger.settle_wallet(w, p_now);
    w := ledger.settle_wallet(ledger.restore(w, p_restore, p_purchase, p_refund, p_now), p_now);
    for i in 1 .. coalesce(array_length(p_values, 1), 0) loop
        select * into strict l from ledger.lot
         where member_id = p_member and purchase_id = p_purchase and campaign_id = p_campaigns[i] and campaign_version = p_versions[i];
        c := ledger.claw_back(w, l, p_values[i], p_purchase, p_refund, p_now);
        w := c.w;
        from_pending := from_pending + c.from_pending;
        from_available := from_available + c.from_available;
        to_debt := to_debt + c.to_debt;
        perform ledger.charge(w.programme_id, p_campaigns[i], p_member, -p_values[i]);
    end loop;
    w.version := w.version + 1;
    perform ledger.save(w, p_now);
    update ledger.purchase set version = w.version where member_id = p_member and purchase_id = p_purchase;
    insert into ledger.refund (member_id, refund_id, purchase_id, at, staff_id, session_id, reason, amount, clawed_back,
                               from_pending, from_available, to_debt, restored, lines,
                               pending_after, available_after, debt_after, version)
        values (p_member, p_refund, p_purchase, p_now, p_staff, p_session, p_reason, p_amount, from_pending + from_available + to_debt,
                from_pending, from_available, to_debt, p_restore, p_lines, w.pending, w.available, w.debt, w.version);
    return true;
end $$;

-- One due lot of each of these wallets, which the caller holds, moved on: all in one statement each. True when there was one.
create function ledger.settle_round(p_kind text, p_members uuid[], p_units text[], p_now timestamptz) returns boolean language plpgsql as $$
declare
    n integer;
begin
    with due as (
        select distinct on (l.member_id, l.unit) l.member_id, l.unit, l.lot_id, l.remaining, l.purchase_id,
               case p_kind when 'release' then l.available_at else l.expires_at end as event_at
          from unnest(p_members, p_units) u(member_id, unit) join ledger.lot l using (member_id, unit)
         where l.remaining > 0
           and case p_kind when 'release' then not l.released and l.available_at <= p_now else l.released and l.expires_at <= p_now end
         order by l.member_id, l.unit, event_at, l.purchase_id, l.campaign_id, l.lot_id),
    said as (
        select d.lot_id, w.head, row(w.member_id, w.unit, w.version + 1, p_kind,
                   case p_kind when 'release' then 'pending' else 'available' end,
                   case p_kind when 'release' then 'available' else 'expired' end,
                   d.remaining, d.lot_id, d.purchase_id, null::uuid, d.event_at, p_now,
                   w.pending - case p_kind when 'release' then d.remaining else 0 end,
                   w.available + case p_kind when 'release' then d.remaining else -d.remaining end,
                   w.debt, null::bytea)::ledger.movement as m
          from due d join ledger.wallet w using (member_id, unit)),
    written as (
        insert into ledger.movement
        select (m).member_id, (m).unit, (m).version, (m).kind, (m).from_account, (m).to_account, (m).amount, (m).lot_id,
               (m).purchase_id, (m).refund_id, (m).event_at, (m).recorded_at, (m).pending_after, (m).available_after, (m).debt_after,
               sha256(head || ledger.said(m))
          from said returning member_id, unit, version, amount, lot_id, pending_after, available_after, hash),
    lots as (
        update ledger.lot l
           set released = true, version = x.version,
               remaining = case p_kind when 'release' then l.remaining else 0 end,
               expired = l.expired + case p_kind when 'release' then 0 else x.amount end
          from written x where l.member_id = x.member_id and l.lot_id = x.lot_id)
    update ledger.wallet w
       set pending = x.pending_after, available = x.available_after, version = x.version, head = x.hash, updated_at = p_now
      from written x where w.member_id = x.member_id and w.unit = x.unit;
    get diagnostics n = row_count;
    return n > 0;
end $$;

-- Release and expire what is due, for up to p_limit wallets; answers those that it brought up to date. Call it until it answers none.
-- Safe to run twice and on two machines: a wallet that another holds is left to it.
create function ledger.settle_due(p_now timestamptz, p_limit integer) returns table (o_member uuid, o_version bigint)
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    members uuid[];
    units text[];
    w ledger.wallet;
begin
    select array_agg(h.member_id), array_agg(h.unit) into members, units from (
        select t.member_id, t.unit from ledger.wallet t join (
                   select member_id, unit from ledger.lot where not released and remaining > 0 and available_at <= p_now
                   union
                   select member_id, unit from ledger.lot where released and remaining > 0 and expires_at <= p_now
                   order by 1, 2 limit p_limit) due using (member_id, unit)
         order by t.member_id, t.unit for update of t skip locked) h;
    if members is null then return; end if;
    while ledger.settle_round('release', members, units, p_now) loop end loop;
    while ledger.settle_round('expiry', members, units, p_now) loop end loop;
    for w in select t.* from unnest(members, units) u(member_id, unit) join ledger.wallet t using (member_id, unit)
              where t.debt > 0 and t.available > 0
    loop
        perform ledger.save(ledger.absorb(w, p_now), p_now);
    end loop;
    return query select t.member_id, t.version from unnest(members, units) u(member_id, unit) join ledger.wallet t using (member_id, unit);
end $$;

do $$ begin
    if not exists (select from pg_roles where rolname = 'kierto_api') then create role kierto_api nologin; end if;
end $$;
revoke all on all functions in schema ledger from public;
grant usage on schema public, ledger to kierto_api;
grant select on all tables in schema public, ledger to kierto_api;
grant insert, update, delete on all tables in schema public to kierto_api;
revoke insert, update, delete on alembic_version from kierto_api;
revoke update, delete on campaign_version from kierto_api;  -- terms are never changed
grant execute on function ledger.said, ledger.open_wallet, ledger.set_budget, ledger.hold, ledger.post_purchase, ledger.post_refund,
    ledger.settle_due to kierto_api;
