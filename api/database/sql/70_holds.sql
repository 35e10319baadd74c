-- Hold what a purchase earned: its pending lots stay pending until the hold is decided. False when it was held before.
create function ledger.hold_purchase(p_member uuid, p_purchase uuid, p_review uuid, p_now timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    w ledger.wallet;
begin
    select t.* into w from ledger.wallet t join ledger.purchase p on p.member_id = t.member_id and p.unit = t.unit
     where p.member_id = p_member and p.purchase_id = p_purchase for update of t;
    if not found then raise exception 'no such purchase' using errcode = 'KT006'; end if;
    insert into ledger.held (member_id, purchase_id, review_id, since) values (p_member, p_purchase, p_review, p_now)
        on conflict do nothing;
    if not found then return false; end if;
    w.version := w.version + 1;
    update ledger.lot set held = true
     where member_id = p_member and purchase_id = p_purchase and not released and remaining > 0;
    update ledger.purchase set version = w.version where member_id = p_member and purchase_id = p_purchase;
    perform ledger.save(w, p_now);
    return true;
end $$;

-- The points that a rejected purchase earned, less what refunds took back of them: taken back, too.
create function ledger.reject_points(w ledger.wallet, p_purchase uuid, p_now timestamptz) returns ledger.wallet language plpgsql as $$
declare
    v ledger.wallet;
    l ledger.lot;
    c record;
    part bigint;
    rest bigint;
begin
    select p.points - coalesce((select sum(f.points) from ledger.refund f where f.member_id = w.member_id and f.purchase_id = p_purchase), 0)
                    - coalesce((select sum(o.forgiven) from ledger.lots_of(w.member_id, p_purchase) o where o.unit = 'PTS'), 0)
      into rest from ledger.purchase p where p.member_id = w.member_id and p.purchase_id = p_purchase;
    if coalesce(rest, 0) <= 0 then return w; end if;
    v := ledger.beside(w, 'PTS', p_now);
    for l in select * from ledger.lots_of(w.member_id, p_purchase) where unit = 'PTS' order by remaining, campaign_id, campaign_version
    loop
        part := least(rest, l.remaining + coalesce(l.expired, 0) - coalesce(l.forgiven, 0));
        if part > 0 then
            c := ledger.claw_back(v, l, part, p_purchase, null, p_now);
            v := c.w;
            rest := rest - part;
            perform ledger.charge(w.programme_id, l.campaign_id, w.member_id, -part);
        end if;
    end loop;
    if rest > 0 then  -- spent meanwhile: out of the rest of the wallet, or owed
        select * into l from ledger.lot where member_id = w.member_id and lot_id = l.lot_id;
        c := ledger.claw_back(v, l, rest, p_purchase, null, p_now);
        v := c.w;
    end if;
    perform ledger.save(v, p_now);
    w.version := v.version;
    return w;
end $$;

-- Clear a hold, so that what is due is released; or reject it, which claws back all that refunds have not. The wallet's version,
-- or null when the hold was decided before.
create function ledger.decide_hold(p_member uuid, p_purchase uuid, p_rejected boolean, p_now timestamptz) returns bigint
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    w ledger.wallet;
    p ledger.purchase;
    l ledger.lot;
    c record;
    part bigint;
    rest bigint;
begin
    select * into p from ledger.purchase where member_id = p_member and purchase_id = p_purchase;
    select * into w from ledger.wallet where member_id = p_member and unit = p.unit for update;
    if not found then raise exception 'no such purchase' using errcode = 'KT006'; end if;
    update ledger.held set state = case when p_rejected then 'rejected' else 'cleared' end, decided_at = p_now
     where member_id = p_member and purchase_id = p_purchase and state = 'checking';
    if not found then return null; end if;
    update ledger.lot set held = false where member_id = p_member and purchase_id = p_purchase and held;
    if p_rejected then
        select p.earned - coalesce((select sum(f.clawed_back) from ledger.refund f
                                     where f.member_id = p_member and f.purchase_id = p_purchase), 0)
                        - coalesce((select sum(o.forgiven) from ledger.lot o
                                     where o.member_id = p_member and o.purchase_id = p_purchase and o.unit = p.unit), 0) into rest;
        update ledger.held set taken = rest where member_id = p_member and purchase_id = p_purchase;
        for l in select * from ledger.lot where member_id = p_member and purchase_id = p_purchase and unit = p.unit
                  order by campaign_id, campaign_version
        loop
            part := least(rest, l.remaining + coalesce(l.expired, 0) - coalesce(l.forgiven, 0));
            if part > 0 then
                c := ledger.claw_back(w, l, part, p_purchase, null, p_now);
                w := c.w;
                perform ledger.charge(p.programme_id, l.campaign_id, p_member, -part);
                rest := rest - part;
            end if;
        end loop;
        if rest > 0 then  -- what was spent meanwhile comes out of the rest of the wallet, or is owed
            select * into l from ledger.lot where member_id = p_member and purchase_id = p_purchase and unit = p.unit
             order by campaign_id, campaign_version limit 1;
            c := ledger.claw_back(w, l, rest, p_purchase, null, p_now);
            w := c.w;
        end if;
        w := ledger.reject_points(w, p_purchase, p_now);
    else
        w := ledger.settle_wallet(w, p_now);
    end if;
    w.version := w.version + 1;
    perform ledger.save(w, p_now);
    update ledger.purchase set version = w.version where member_id = p_member and purchase_id = p_purchase;
    return w.version;
end $$;
