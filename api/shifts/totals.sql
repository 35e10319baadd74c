-- What was bought and taken back at store $2 of programme $1 from $3 to before $4 by the time of the event, and recorded
-- before $5; a row for each cashier and till, and who they are. $6 bounds how late a queued receipt may come.
with done as (
    select p.staff_id, p.session_id, 1 as receipts, p.total as sold, p.earned, p.redeemed as spent,
           0 as refunds, 0::bigint as refunded, 0::bigint as taken_back, 0::bigint as given_back
      from ledger.purchase p
     where p.programme_id = $1 and p.store_id = $2 and p.recorded_at >= $3::timestamptz - interval '15 minutes' and p.recorded_at < $6
       and p.at >= $3 and p.at < $4 and p.recorded_at < $5 and p.source <> 'import'
    union all
    select a.staff_id, a.session_id, 0, 0, 0, 0, 1, (a.evidence ->> 'amount')::bigint, (a.evidence ->> 'clawed_back')::bigint,
           (a.evidence ->> 'restored')::bigint
      from audit a
     where a.programme_id = $1 and a.store_id = $2 and a.action = 'refund' and a.at >= $3 and a.at < $4 and a.at < $5)
select d.staff_id, d.session_id, coalesce(st.name, '') as staff_name, coalesce(s.device_name, '') as till_name,
       sum(d.receipts)::integer as receipts, sum(d.sold)::bigint as sold, sum(d.earned)::bigint as earned,
       sum(d.spent)::bigint as spent, sum(d.refunds)::integer as refunds, sum(d.refunded)::bigint as refunded,
       sum(d.taken_back)::bigint as taken_back, sum(d.given_back)::bigint as given_back
  from done d left join staff st using (staff_id) left join session s on s.session_id = d.session_id
 group by 1, 2, 3, 4 order by 3, 4, 1, 2
