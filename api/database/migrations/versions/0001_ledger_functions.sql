-- The only writers of money. The API's role may execute the public ones (the last lines say which) and nothing else here.
-- A refusal is raised with a state of its own, so that everything the call did is undone:
--   KT001 more than is available     KT002 the key was used for something else   KT003 the receipt was posted before
--   KT004 the identification is over KT005 the code was used                     KT006 no such wallet or purchase
--   KT007 the purchase was refunded meanwhile

-- One movement: the row, and the wallet as it is after it. The caller saves the wallet.
create function ledger.move(w ledger.wallet, p_kind text, p_from text, p_to text, p_amount bigint, p_lot uuid,
                            p_purchase uuid, p_refund uuid, p_event_at timestamptz, p_now timestamptz)
    returns ledger.wallet language plpgsql as $$
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
    insert into ledger.movement (member_id, unit, version, kind, from_account, to_account, amount, lot_id, purchase_id, refund_id,
                                 event_at, recorded_at, pending_after, available_after, debt_after)
    values (w.member_id, w.unit, w.version, p_kind, p_from, p_to, p_amount, p_lot, p_purchase, p_refund,
            p_event_at, p_now, w.pending, w.available, w.debt);
    return w;
end $$;

create function ledger.save(w ledger.wallet, p_now timestamptz) returns void language sql as $$
    update ledger.wallet set pending = w.pending, available = w.available, debt = w.debt, version = w.version, updated_at = p_now
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

-- Post one purchase: claim, spend, earn, in one call. Answers true, or false when this very call was done before.
create function ledger.post_purchase(
    p_scope text, p_key text, p_fingerprint bytea, p_identification uuid, p_device uuid, p_step bigint,
    p_member uuid, p_purchase uuid, p_programme uuid, p_store text, p_channel text, p_receipt text, p_at timestamptz,
    p_source text, p_staff uuid, p_session uuid, p_unit text, p_total bigint, p_redeem bigint, p_basket jsonb, p_quote jsonb,
    p_campaigns text[], p_versions integer[], p_values bigint[], p_available_at timestamptz[], p_expires_at timestamptz[],
    p_now timestamptz)
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
        update public.session set last_step = p_step
         where session_id = p_device and member_id = p_member and last_step < p_step and revoked_at is null;
        if not found then raise exception 'the code was used' using errcode = 'KT005'; end if;
    end if;
    select * into w from ledger.wallet where member_id = p_member and unit = p_unit and programme_id = p_programme for update;
    if not found then raise exception 'no such wallet' using errcode = 'KT006'; end if;

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
    update ledger.purchase set refunds = refunds + 1 where member_id = p_member and purchase_id = p_purchase and refunds = p_refunds;
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

-- Release and expire what is due, for up to p_limit members; answers how many were brought up to date. Call it until it says 0.
-- Safe to run twice and on two machines: a wallet that another holds is left to it.
create function ledger.settle_due(p_now timestamptz, p_limit integer) returns table (o_member uuid, o_version bigint)
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    d record;
    w ledger.wallet;
begin
    for d in select due.member_id, due.unit from (
                 select member_id, unit from ledger.lot where not released and remaining > 0 and available_at <= p_now
                 union
                 select member_id, unit from ledger.lot where released and remaining > 0 and expires_at <= p_now) due
              order by due.member_id, due.unit limit p_limit
    loop
        select * into w from ledger.wallet t where t.member_id = d.member_id and t.unit = d.unit for update skip locked;
        continue when not found;
        w := ledger.settle_wallet(w, p_now);
        perform ledger.save(w, p_now);
        o_member := w.member_id;
        o_version := w.version;
        return next;
    end loop;
end $$;

do $$ begin
    if not exists (select from pg_roles where rolname = 'kierto_api') then create role kierto_api nologin; end if;
end $$;
revoke all on all functions in schema ledger from public;
grant usage on schema public, ledger to kierto_api;
grant select on all tables in schema public, ledger to kierto_api;
grant insert, update, delete on all tables in schema public to kierto_api;
revoke insert, update, delete on alembic_version from kierto_api;
grant execute on function ledger.open_wallet, ledger.post_purchase, ledger.post_refund, ledger.settle_due to kierto_api;
