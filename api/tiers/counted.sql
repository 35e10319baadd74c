-- What counts for the tiers of members $1 by local day of time zone $3 from day $4 on: $2 'spent', the basis of what they kept
-- (what was paid for goods, as cashback counts it), or 'earned', the cashback less what refunds took back. A purchase that a check
-- rejected counts for neither.
select p.member_id, (p.at at time zone $3)::date as day,
       sum(greatest(0, case $2 when 'earned' then p.earned - coalesce(r.clawed_back, 0)
                       else coalesce((p.quote #>> '{basis,amount}')::bigint, p.total) - coalesce(r.basis, 0) end))::bigint
  from ledger.purchase p
  left join lateral (
       select (select sum(f.clawed_back) from ledger.refund f
                where f.member_id = p.member_id and f.purchase_id = p.purchase_id) as clawed_back,
              (select sum(coalesce((p.quote #>> array['lines', came.line::text, 'basis', 'amount'])::bigint, 0) * came.quantity
                          / greatest(1, coalesce((p.basket #>> array['lines', came.line::text, 'quantity'])::bigint, 1)))::bigint
                 from (select (e.value ->> 'line')::integer as line, sum((e.value ->> 'quantity')::bigint)::bigint as quantity
                         from ledger.refund f cross join lateral jsonb_array_elements(f.lines) e
                        where f.member_id = p.member_id and f.purchase_id = p.purchase_id group by 1) came) as basis
       ) r on p.refunds > 0
 where not exists (select from ledger.held h where h.member_id = p.member_id and h.purchase_id = p.purchase_id and h.state = 'rejected')
   and p.member_id = any($1) and p.at >= $4::date::timestamp at time zone $3
 group by 1, 2
