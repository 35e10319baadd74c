-- Give spent value back to the lots it came from, those that end last first. Up to p_amount of what is not given back yet.
-- What comes back into a lot that a hold has frozen waits there with the rest.
create function ledger.restore(w ledger.wallet, p_amount bigint, p_purchase uuid, p_refund uuid, p_now timestamptz)
    returns ledger.wallet language plpgsql as $$
declare
    l record;
    part bigint;
    rest bigint := p_amount;
begin
    for l in select m.lot_id, o.released, sum(case m.kind when 'redemption' then m.amount else -m.amount end)::bigint as taken
               from ledger.movement m join ledger.lot o on o.member_id = m.member_id and o.lot_id = m.lot_id
              where m.member_id = w.member_id and m.bought_in = p_purchase and m.unit = w.unit and m.step between 300 and 499
              group by m.lot_id, o.released, o.expires_at, o.available_at, o.purchase_id, o.campaign_id
             having sum(case m.kind when 'redemption' then m.amount else -m.amount end) > 0
              order by o.expires_at desc nulls first, o.available_at desc, o.purchase_id desc, o.campaign_id desc
    loop
        exit when rest = 0;
        part := least(rest, l.taken);
        w := ledger.move(w, 'restoration', 'redeemed', case when l.released then 'available' else 'pending' end, part, l.lot_id,
                         p_purchase, p_refund, p_now, p_now);
        update ledger.lot set remaining = remaining + part
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
    gone bigint := least(p_amount - own, coalesce(p_lot.expired, 0) - coalesce(p_lot.forgiven, 0));
    rest bigint := p_amount - own - gone;
    taken record;
begin
    from_pending := case when p_lot.released then 0 else own end;
    from_available := own - from_pending;
    if own > 0 then
        w := ledger.move(w, 'clawback', case when p_lot.released then 'available' else 'pending' end, 'funding', own, p_lot.lot_id,
                         p_purchase, p_refund, p_now, p_now);
    end if;
    update ledger.lot set remaining = remaining - own, forgiven = nullif(coalesce(forgiven, 0) + gone, 0)
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
    p_staff uuid, p_session uuid, p_reason text, p_amount bigint, p_restore bigint, p_restore_points bigint, p_lines jsonb,
    p_campaigns text[], p_versions integer[], p_values bigint[], p_now timestamptz)
    returns boolean language plpgsql security definer set search_path = pg_catalog set lock_timeout = '200ms' as $$
declare
    w ledger.wallet;
    v ledger.wallet;
    l ledger.lot;
    c record;
    points bigint := 0;
    from_pending bigint := 0;
    from_available bigint := 0;
    to_debt bigint := 0;
begin
    if p_key is not null and not ledger.claim(p_scope, p_key, p_fingerprint, p_member, p_purchase, p_refund) then
        return false;
    end if;
    select t.* into w from ledger.wallet t join ledger.purchase p on p.member_id = t.member_id and p.unit = t.unit
     where p.member_id = p_member and p.purchase_id = p_purchase for update of t;
    if not found then raise exception 'no such purchase' using errcode = 'KT006'; end if;
    update ledger.purchase set refunds = refunds + 1
     where member_id = p_member and purchase_id = p_purchase and refunds = p_refunds;
    if not found then raise exception 'the purchase was refunded meanwhile' using errcode = 'KT007'; end if;
    if cardinality(p_values) > 0 and exists (select from ledger.held h where h.member_id = p_member and h.purchase_id = p_purchase
                                                and h.state = 'rejected') then
        raise exception 'all that it earned was taken back meanwhile' using errcode = 'KT007';
    end if;

    w := ledger.settle_wallet(w, p_now);
    w := ledger.settle_wallet(ledger.restore(w, p_restore, p_purchase, p_refund, p_now), p_now);
    if p_restore_points > 0 then
        v := ledger.settle_wallet(ledger.beside(w, 'PTS', p_now), p_now);
        v := ledger.settle_wallet(ledger.restore(v, p_restore_points, p_purchase, p_refund, p_now), p_now);
        perform ledger.save(v, p_now);
        w.version := v.version;
    end if;
    for i in 1 .. coalesce(cardinality(p_values), 0) loop
        select * into l from ledger.lots_of(p_member, p_purchase) t
         where t.campaign_id = p_campaigns[i] and t.campaign_version = p_versions[i];
        if not found then  -- points were quoted before they were booked: nothing to take back
            perform from ledger.purchase p where p.member_id = p_member and p.purchase_id = p_purchase and p.points is null;
            if not found then raise exception 'no such lot' using errcode = 'KT007'; end if;
            continue;
        end if;
        if l.unit = w.unit then
            c := ledger.claw_back(w, l, p_values[i], p_purchase, p_refund, p_now);
            w := c.w;
            from_pending := from_pending + c.from_pending;
            from_available := from_available + c.from_available;
            to_debt := to_debt + c.to_debt;
        else
            v := ledger.settle_wallet(ledger.beside(w, l.unit, p_now), p_now);
            select * into strict l from ledger.lot where member_id = p_member and lot_id = l.lot_id;  -- as it is once settled
            c := ledger.claw_back(v, l, p_values[i], p_purchase, p_refund, p_now);
            v := c.w;
            perform ledger.save(v, p_now);
            w.version := v.version;
            if l.unit = 'PTS' then points := points + c.from_pending + c.from_available + c.to_debt; end if;
        end if;
        perform ledger.give_back(w.programme_id, p_campaigns[i], p_versions[i], p_member, p_values[i]);
    end loop;
    w.version := w.version + 1;
    perform ledger.save(w, p_now);
    update ledger.purchase set version = w.version where member_id = p_member and purchase_id = p_purchase;
    insert into ledger.refund (member_id, refund_id, purchase_id, at, staff_id, session_id, reason, amount, clawed_back,
                               from_pending, from_available, to_debt, restored, points, points_restored, lines,
                               pending_after, available_after, debt_after, version)
        values (p_member, p_refund, p_purchase, p_now, p_staff, p_session, p_reason, p_amount, from_pending + from_available + to_debt,
                from_pending, from_available, to_debt, p_restore, points, p_restore_points, p_lines, w.pending, w.available, w.debt, w.version);
    return true;
end $$;
