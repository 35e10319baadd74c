-- Purchases of programme $1 recorded after $2 and not held yet, each with the figures that a limit may stand against:
-- the member's own last hour and day, those with this cashier, the week's refunds, and the cashier's and the till's hour.
-- $3 is from when on purchases are looked at for the hours of cashiers and tills.
with recent as (
    select p.*
      from store s cross join lateral (
           select b.member_id, b.purchase_id, b.store_id, b.staff_id, b.session_id, b.at, b.recorded_at, b.receipt_number, b.total,
                  b.earned
             from ledger.purchase b
            where b.programme_id = s.programme_id and b.store_id = s.store_id and b.recorded_at > $3) p
     where s.programme_id = $1 and p.staff_id is not null),
counted as (
    select r.*,
           count(*) over (partition by staff_id order by at range between interval '1 hour' preceding and current row)
               as cashier_hour,
           sum(earned) over (partition by staff_id order by at range between interval '1 day' preceding and current row)::bigint
               as cashier_amount,
           count(*) over (partition by session_id order by at range between interval '1 hour' preceding and current row)
               as till_hour
      from recent r)
select c.*, own.hour, own.day, own.amount, own.pair, back.refunds
  from counted c
 cross join lateral (
       select count(*) filter (where b.at > c.at - interval '1 hour') as hour, count(*) as day,
              coalesce(sum(b.earned), 0)::bigint as amount, count(*) filter (where b.staff_id = c.staff_id) as pair
         from ledger.purchase b
        where b.member_id = c.member_id and b.at > c.at - interval '1 day' and b.at <= c.at) own
 cross join lateral (
       select count(*) as refunds from ledger.refund f
        where f.member_id = c.member_id and f.at > c.recorded_at - interval '7 days' and f.at <= c.recorded_at) back
 where c.recorded_at > $2
   and not exists (select from ledger.held h where h.member_id = c.member_id and h.purchase_id = c.purchase_id)
 order by c.recorded_at, c.purchase_id
