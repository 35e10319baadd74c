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
