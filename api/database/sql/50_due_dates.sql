-- One due lot of each of these members, whose home wallets the caller holds, moved on: all in one statement. True when there was one.
create function ledger.settle_round(p_kind text, p_members uuid[], p_now timestamptz) returns boolean language plpgsql as $$
declare
    n integer;
begin
    with due as (
        select distinct on (l.member_id) l.member_id, l.unit, l.lot_id, l.remaining, l.purchase_id,
               case p_kind when 'release' then l.available_at else l.expires_at end as event_at
          from unnest(p_members) u(member_id) join ledger.lot l using (member_id)
         where l.remaining > 0
           and case p_kind when 'release' then not l.released and not l.held and l.available_at <= p_now else l.released and l.expires_at <= p_now end
         order by l.member_id, event_at, l.unit, l.purchase_id, l.campaign_id, l.lot_id),
    after as (
        select d.*, w.head, h.version + 1 as version, w.debt,
               w.pending - case p_kind when 'release' then d.remaining else 0 end as pending,
               w.available + case p_kind when 'release' then d.remaining else -d.remaining end as available
          from due d join ledger.wallet w using (member_id, unit) join ledger.wallet h on h.member_id = d.member_id and h.home),
    written as (
        insert into ledger.movement (version, amount, event_at, recorded_at, pending_left, available_left, debt_left, member_id,
                                     lot_id, bought_in, hash, step, unit)
        select version, remaining, event_at, p_now, nullif(pending, 0), nullif(available, 0), nullif(debt, 0), member_id,
               lot_id, purchase_id,
               sha256(head || ledger.words(member_id, unit, version, p_kind, case p_kind when 'release' then 'pending' else 'available' end,
                      case p_kind when 'release' then 'available' else 'expired' end, remaining, lot_id, purchase_id, null, event_at,
                      p_now, pending, available, debt)),
               case p_kind when 'release' then 212 else 726 end, unit
          from after returning member_id, unit, version, amount, lot_id, pending_left, available_left, hash),
    lots as (
        update ledger.lot l
           set released = true, remaining = case p_kind when 'release' then l.remaining else 0 end,
               expired = nullif(coalesce(l.expired, 0) + case p_kind when 'release' then 0 else x.amount end, 0)
          from written x where l.member_id = x.member_id and l.lot_id = x.lot_id),
    clocks as (
        update ledger.wallet h set version = x.version
          from written x where h.member_id = x.member_id and h.home and h.unit <> x.unit)
    update ledger.wallet w
       set pending = coalesce(x.pending_left, 0), available = coalesce(x.available_left, 0), version = x.version, head = x.hash,
           updated_at = p_now
      from written x where w.member_id = x.member_id and w.unit = x.unit;
    get diagnostics n = row_count;
    return n > 0;
end $$;

-- What members owe in any unit is taken from what they have available in it. The caller holds their home wallets.
create function ledger.absorb_all(p_members uuid[], p_now timestamptz) returns void language plpgsql as $$
declare
    w ledger.wallet;
begin
    for w in select t.* from ledger.wallet t where t.member_id = any (p_members) and t.debt > 0 and t.available > 0 loop
        select version into w.version from ledger.wallet where member_id = w.member_id and home;
        w := ledger.absorb(w, p_now);
        perform ledger.save(w, p_now);
        update ledger.wallet set version = w.version where member_id = w.member_id and home and not w.home;
    end loop;
end $$;

-- Bring one member's wallets up to p_now.
create function ledger.settle_member(p_member uuid, p_now timestamptz) returns void
    language plpgsql security definer set search_path = pg_catalog set lock_timeout = '200ms' as $$
begin
    perform from ledger.wallet where member_id = p_member and home for update;
    while ledger.settle_round('release', array[p_member], p_now) loop end loop;
    while ledger.settle_round('expiry', array[p_member], p_now) loop end loop;
    perform ledger.absorb_all(array[p_member], p_now);
end $$;

-- Release and expire what is due, for up to p_limit members; answers those that it brought up to date. Call it until it answers none.
-- Safe to run twice and on two machines: a member that another holds is left to it.
create function ledger.settle_due(p_now timestamptz, p_limit integer) returns table (o_member uuid, o_version bigint)
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    members uuid[];
begin
    select array_agg(held.member_id) into members from (
        select t.member_id from ledger.wallet t join (
                   select member_id from ledger.lot where not released and not held and remaining > 0 and available_at <= p_now
                   union
                   select member_id from ledger.lot where released and remaining > 0 and expires_at <= p_now
                   order by 1 limit p_limit) due using (member_id)
         where t.home order by t.member_id for update of t skip locked) held;
    if members is null then return; end if;
    while ledger.settle_round('release', members, p_now) loop end loop;
    while ledger.settle_round('expiry', members, p_now) loop end loop;
    perform ledger.absorb_all(members, p_now);
    return query select t.member_id, t.version from ledger.wallet t where t.member_id = any (members) and t.home;
end $$;
