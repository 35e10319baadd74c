-- A purchase with its store's name, what its lots say together, and its refunds; one PurchaseRow, in its order.
select p.purchase_id, p.receipt_number, p.store_id, coalesce(s.name, p.store_id), p.channel, p.at, p.unit, p.total,
       p.redeemed, p.earned, p.version, p.basket::text, p.quote::text, l.pending, l.available_at, l.expires_at,
       case when p.refunds > 0 then array(
            select row(f.refund_id, f.at, f.amount, f.clawed_back, f.from_pending, f.from_available, f.to_debt, f.restored, f.points, f.points_restored,
                       f.lines::text)
              from ledger.refund f where f.member_id = p.member_id and f.purchase_id = p.purchase_id
             order by f.version) end,
       h.state, coalesce(h.taken, 0), coalesce(h.points_taken, 0), p.points, p.points_spent, p.points_worth
  from {purchases} p
  left join store s on s.programme_id = p.programme_id and s.store_id = p.store_id
  left join ledger.held h on h.member_id = p.member_id and h.purchase_id = p.purchase_id and h.state <> 'cleared'
  left join lateral (
       select bool_or(not o.released and o.remaining > 0) as pending, max(o.available_at) as available_at,
              min(o.expires_at) filter (where o.remaining > 0) as expires_at
         from ledger.lots_of(p.member_id, p.purchase_id) o where o.unit = p.unit) l on true
