-- A hold takes what a purchase earned out of reach until somebody has decided: what is pending stays so, and what is left of what
-- was available goes back to pending. Held lots are never released, and so neither spent nor expired.

-- The lots of a purchase in one wallet, all held by now: what is left of the available ones waits again.
create function ledger.freeze(w ledger.wallet, p_purchase uuid, p_now timestamptz) returns ledger.wallet language plpgsql as $$
declare
    l record;
begin
    for l in select lot_id, remaining from ledger.lots_of(w.member_id, p_purchase) where unit = w.unit and released order by lot_id
    loop
        if l.remaining > 0 then
            w := ledger.move(w, 'hold', 'available', 'pending', l.remaining, l.lot_id, p_purchase, null, p_now, p_now);
        end if;
        update ledger.lot set released = false where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    return w;
end $$;

-- The hold is decided: what is due becomes available from now on, the rest in its time.
create function ledger.thaw(w ledger.wallet, p_purchase uuid, p_now timestamptz) returns ledger.wallet language plpgsql as $$
declare
    l record;
begin
    for l in select lot_id, remaining, available_at <= p_now as due from ledger.lots_of(w.member_id, p_purchase)
              where unit = w.unit and held order by available_at, lot_id
    loop
        if l.due and l.remaining > 0 then
            w := ledger.move(w, 'release', 'pending', 'available', l.remaining, l.lot_id, p_purchase, null, p_now, p_now);
        end if;
        update ledger.lot set held = false, released = l.due where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    return ledger.settle_wallet(w, p_now);
end $$;

-- Hold what a purchase earned, in all its units. False when it was held before.
create function ledger.hold_purchase(p_member uuid, p_purchase uuid, p_review uuid, p_now timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    w ledger.wallet;
    v ledger.wallet;
    beside text;
begin
    select t.* into w from ledger.wallet t join ledger.purchase p on p.member_id = t.member_id and p.unit = t.unit
     where p.member_id = p_member and p.purchase_id = p_purchase for update of t;
    if not found then raise exception 'no such purchase' using errcode = 'KT006'; end if;
    insert into ledger.held (member_id, purchase_id, review_id, since) values (p_member, p_purchase, p_review, p_now)
        on conflict do nothing;
    if not found then return false; end if;
    update ledger.lot set held = true
     where member_id = p_member and lot_id in (select o.lot_id from ledger.lots_of(p_member, p_purchase) o);
    w := ledger.freeze(ledger.settle_wallet(w, p_now), p_purchase, p_now);
    for beside in select distinct o.unit from ledger.lots_of(p_member, p_purchase) o where o.unit <> w.unit loop
        v := ledger.freeze(ledger.settle_wallet(ledger.beside(w, beside, p_now), p_now), p_purchase, p_now);
        perform ledger.save(v, p_now);
        w.version := v.version;
    end loop;
    w.version := w.version + 1;
    perform ledger.save(w, p_now);
    update ledger.purchase set version = w.version where member_id = p_member and purchase_id = p_purchase;
    return true;
end $$;

-- Clear a hold, so that what is due is released; or reject it: then p_values is what each campaign version gave, less what refunds
-- took back of it, and all of that is taken back. The wallet's version, or null when the hold was decided before.
create function ledger.decide_hold(p_member uuid, p_purchase uuid, p_rejected boolean, p_campaigns text[], p_versions integer[],
                                   p_values bigint[], p_now timestamptz) returns bigint
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    w ledger.wallet;
    v ledger.wallet;
    l ledger.lot;
    c record;
    beside text;
    cash bigint := 0;
    points bigint := 0;
begin
    select t.* into w from ledger.wallet t join ledger.purchase p on p.member_id = t.member_id and p.unit = t.unit
     where p.member_id = p_member and p.purchase_id = p_purchase for update of t;
    if not found then raise exception 'no such purchase' using errcode = 'KT006'; end if;
    update ledger.held set state = case when p_rejected then 'rejected' else 'cleared' end, decided_at = p_now
     where member_id = p_member and purchase_id = p_purchase and state = 'checking';
    if not found then return null; end if;
    w := ledger.settle_wallet(w, p_now);
    for i in 1 .. coalesce(cardinality(p_values), 0) loop
        select * into l from ledger.lots_of(p_member, p_purchase) t where t.campaign_id = p_campaigns[i] and t.campaign_version = p_versions[i];
        continue when not found;  -- points of before points were booked
        if l.unit = w.unit then
            c := ledger.claw_back(w, l, p_values[i], p_purchase, null, p_now);
            w := c.w;
            cash := cash + c.from_pending + c.from_available + c.to_debt;
        else
            v := ledger.settle_wallet(ledger.beside(w, l.unit, p_now), p_now);
            select * into strict l from ledger.lot where member_id = p_member and lot_id = l.lot_id;  -- as it is once settled
            c := ledger.claw_back(v, l, p_values[i], p_purchase, null, p_now);
            v := c.w;
            perform ledger.save(v, p_now);
            w.version := v.version;
            points := points + case l.unit when 'PTS' then c.from_pending + c.from_available + c.to_debt else 0 end;
        end if;
        perform ledger.give_back(w.programme_id, p_campaigns[i], p_versions[i], p_member, p_values[i]);
    end loop;
    w := ledger.thaw(w, p_purchase, p_now);
    for beside in select distinct o.unit from ledger.lots_of(p_member, p_purchase) o where o.unit <> w.unit loop
        v := ledger.thaw(ledger.beside(w, beside, p_now), p_purchase, p_now);
        perform ledger.save(v, p_now);
        w.version := v.version;
    end loop;
    w.version := w.version + 1;
    perform ledger.save(w, p_now);
    if p_rejected then  -- a tier may stand on what is gone now
        insert into public.tier_due (member_id) select p_member from public.tier_ladder ladder where ladder.programme_id = w.programme_id limit 1
            on conflict do nothing;
    end if;
    update ledger.held set taken = cash, points_taken = points where member_id = p_member and purchase_id = p_purchase;
    update ledger.purchase set version = w.version where member_id = p_member and purchase_id = p_purchase;
    return w.version;
end $$;
