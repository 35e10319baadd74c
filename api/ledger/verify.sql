-- What must hold of the ledger. Each statement finds the rows that break the rule named above it; `verify` shows the first.
-- {members} stands for all members, or for a range of them where several connections share the work.

-- rule: a wallet is the sum of its movements
select w.member_id, w.unit, w.pending, w.available, w.debt, s.pending as moved_pending,
       s.available as moved_available, s.debt as moved_debt
  from ledger.wallet w left join (
       select member_id, unit,
              sum(case when to_account = 'pending' then amount when from_account = 'pending' then -amount else 0 end) as pending,
              sum(case when to_account = 'available' then amount when from_account = 'available' then -amount else 0 end)
                  as available,
              sum(case when from_account = 'debt' then amount when to_account = 'debt' then -amount else 0 end) as debt
         from ledger.movement group by member_id, unit) s using (member_id, unit)
 where w.pending <> coalesce(s.pending, 0) or w.available <> coalesce(s.available, 0) or w.debt <> coalesce(s.debt, 0);

-- rule: a wallet is the sum of its lots
select w.member_id, w.unit, w.pending, w.available, s.pending as lots_pending, s.available as lots_available
  from ledger.wallet w left join (
       select member_id, unit, sum(remaining) filter (where not released) as pending,
              sum(remaining) filter (where released) as available
         from ledger.lot group by member_id, unit) s using (member_id, unit)
 where w.pending <> coalesce(s.pending, 0) or w.available <> coalesce(s.available, 0);

-- rule: a movement continues the one before it
select * from (
    select member_id, unit, version, kind, from_account, to_account, amount, pending_after, available_after, debt_after,
           pending_after - coalesce(lag(pending_after) over o, 0)
             - case when to_account = 'pending' then amount when from_account = 'pending' then -amount else 0 end as pending_off,
           available_after - coalesce(lag(available_after) over o, 0)
             - case when to_account = 'available' then amount when from_account = 'available' then -amount else 0 end
             as available_off,
           debt_after - coalesce(lag(debt_after) over o, 0)
             - case when from_account = 'debt' then amount when to_account = 'debt' then -amount else 0 end as debt_off
      from ledger.movement where {members} window o as (partition by member_id, unit order by version)) m
 where pending_off <> 0 or available_off <> 0 or debt_off <> 0;

-- rule: a movement goes from one account to another, for a reason
select member_id, unit, version, step from ledger.movement
 where kind is null or from_account is null or to_account is null or from_account = to_account;

-- rule: a lot keeps what no movement took
select l.member_id, l.lot_id, l.original, l.remaining, l.expired, s.accrued, s.left_over, s.expired as moved_expired
  from ledger.lot l left join (
       select member_id, lot_id, sum(amount) filter (where kind in ('accrual', 'adjustment')) as accrued,
              sum(case when kind in ('accrual', 'adjustment', 'restoration') then amount when kind in ('release', 'hold') then 0
                  else -amount end) as left_over,
              coalesce(sum(amount) filter (where kind = 'expiry'), 0) as expired
         from ledger.movement where lot_id is not null group by member_id, lot_id) s using (member_id, lot_id)
 where l.original is distinct from s.accrued or l.remaining is distinct from s.left_over or coalesce(l.expired, 0) is distinct from s.expired;

-- rule: a movement names a lot, or makes a debt or lets one go
select m.member_id, m.unit, m.version, m.kind from ledger.movement m
  left join ledger.lot l using (member_id, lot_id)
 where (m.lot_id is null and m.from_account <> 'debt' and (m.kind, m.to_account) <> ('adjustment', 'debt'))
    or (m.lot_id is not null and l.lot_id is null);

-- rule: a correction is one movement into one lot, for a reason
select a.member_id, a.adjustment_id, a.amount, l.original, m.amount as moved from ledger.adjustment a
  left join ledger.lot l using (member_id, lot_id)
  left join ledger.movement m on m.member_id = a.member_id and m.unit = a.unit and m.version = a.version and m.kind = 'adjustment'
 where a.reason = '' or l.original is distinct from a.amount or m.amount is distinct from a.amount or m.lot_id <> a.lot_id;

-- rule: a purchase earned what its lots hold
select p.member_id, p.purchase_id, p.receipt_number, p.earned, s.original
  from ledger.purchase p left join (
       select member_id, purchase_id, unit, sum(original) as original from ledger.lot group by member_id, purchase_id, unit) s
       using (member_id, purchase_id, unit)
 where p.earned <> coalesce(s.original, 0) or p.earned <> (p.quote #>> '{earned,amount}')::bigint;

-- rule: a purchase earned the points that its lots hold
select p.member_id, p.purchase_id, p.receipt_number, p.points, s.original
  from ledger.purchase p left join (
       select member_id, purchase_id, sum(original) as original from ledger.lot where unit = 'PTS' group by member_id, purchase_id) s
       using (member_id, purchase_id)
 where coalesce(p.points, 0) <> coalesce(s.original, 0)
    or p.points is not null and p.points <> coalesce((p.quote #>> '{points,amount}')::bigint, 0);

-- rule: a purchase earned the stamps that its lots hold
select p.member_id, p.purchase_id, p.receipt_number, s.original from ledger.purchase p join (
       select member_id, purchase_id, sum(original) as original from ledger.lot where unit = 'STM' group by member_id, purchase_id) s
       using (member_id, purchase_id)
 where s.original <> (select coalesce(sum((g ->> 'stamps')::bigint), 0) from jsonb_array_elements(p.quote -> 'stamps') g);

-- rule: a purchase spent what its movements say
select p.member_id, p.purchase_id, p.receipt_number, s.unit, p.redeemed, p.points_spent, s.redeemed as moved, s.restored
  from ledger.purchase p join (
       select member_id, bought_in as purchase_id, unit, sum(amount) filter (where step / 100 = 3) as redeemed,
              sum(amount) filter (where step / 100 = 4) as restored
         from ledger.movement where step between 300 and 499 group by member_id, bought_in, unit) s
       using (member_id, purchase_id)
 where case s.unit when p.unit then p.redeemed else p.points_spent end <> coalesce(s.redeemed, 0)
    or coalesce(s.restored, 0) > coalesce(s.redeemed, 0);

-- rule: what a purchase spent was moved
select p.member_id, p.purchase_id, p.receipt_number, p.redeemed, p.points_spent from ledger.purchase p
 where p.redeemed > 0 and not exists (select from ledger.movement m where m.member_id = p.member_id
                                         and m.bought_in = p.purchase_id and m.unit = p.unit and m.step between 300 and 499)
    or p.points_spent > 0 and not exists (select from ledger.movement m where m.member_id = p.member_id
                                         and m.bought_in = p.purchase_id and m.unit = 'PTS' and m.step between 300 and 499);

-- rule: a purchase is claimed by its receipt number once
select p.member_id, p.purchase_id, p.receipt_number, c.purchase_id as claimed_by
  from ledger.purchase p
  left join ledger.receipt_claim c on c.receipt = ledger.receipt_digest(p.programme_id, p.store_id, p.receipt_number)
 where c.purchase_id is distinct from p.purchase_id or c.member_id is distinct from p.member_id;

-- rule: a claimed receipt has its purchase
select c.receipt, c.member_id, c.purchase_id from ledger.receipt_claim c
 where not exists (select from ledger.purchase p where p.member_id = c.member_id and p.purchase_id = c.purchase_id);

-- rule: a refund is the sum of its movements, and never above the purchase
select p.member_id, p.purchase_id, p.receipt_number, p.total, p.refunds, s.amount, s.count
  from ledger.purchase p join (
       select member_id, purchase_id, sum(amount) as amount, count(*) as count from ledger.refund group by member_id, purchase_id) s
       using (member_id, purchase_id)
 where s.amount > p.total or s.count <> p.refunds;

-- rule: what a refund took back, its movements took
select r.member_id, r.refund_id, r.clawed_back, r.restored, s.clawed, s.restored as moved, s.points, s.points_restored as points_moved
  from ledger.refund r join ledger.purchase p using (member_id, purchase_id) left join (
       select member_id, refund_id, sum(amount) filter (where step / 100 = 5 and unit not in ('PTS', 'STM')) as clawed,
              sum(amount) filter (where step / 100 = 4 and unit not in ('PTS', 'STM')) as restored,
              sum(amount) filter (where step / 100 = 5 and unit = 'PTS') as points,
              sum(amount) filter (where step / 100 = 4 and unit = 'PTS') as points_restored
         from ledger.movement where refund_id is not null group by member_id, refund_id) s using (member_id, refund_id)
 where r.clawed_back <> coalesce(s.clawed, 0) or r.restored <> coalesce(s.restored, 0)
    or r.points <> coalesce(s.points, 0) or r.points_restored <> coalesce(s.points_restored, 0);

-- rule: no more is taken back of a purchase than it earned
select p.member_id, p.purchase_id, p.receipt_number, p.earned, t.cash, p.points, t.points as points_taken
  from (select member_id, purchase_id, sum(cash) as cash, sum(points) as points from (
               select member_id, purchase_id, clawed_back as cash, points from ledger.refund
               union all select member_id, purchase_id, taken, points_taken from ledger.held) each_time group by 1, 2) t
  join ledger.purchase p using (member_id, purchase_id)
 where t.cash > p.earned or t.points > coalesce(p.points, 0);

-- rule: a balance has no version of the future
select m.member_id, m.unit, m.version, w.version as wallet_version
  from ledger.movement m join ledger.wallet w using (member_id, unit) where m.version > w.version;

-- rule: a movement's hash holds the one before it and all that it says
select member_id, unit, version, kind, amount from (
    select m.member_id, m.unit, m.version, m.kind, m.amount, m.hash,
           sha256(coalesce(lag(m.hash) over (partition by m.member_id, m.unit order by m.version), '') || ledger.said(m)) as said
      from ledger.movement m where {members}) c
 where hash <> said;

-- rule: a wallet's head is the hash of its newest movement
select w.member_id, w.unit, w.version from ledger.wallet w
  left join lateral (select hash from ledger.movement m where m.member_id = w.member_id and m.unit = w.unit
                      order by m.version desc limit 1) newest on true
 where w.head <> coalesce(newest.hash, '');

-- rule: a wallet beside the home wallet never runs ahead of it
select w.member_id, w.unit, w.version, h.version as home_version
  from ledger.wallet w left join ledger.wallet h on h.member_id = w.member_id and h.home
 where h.version is null or w.version > h.version;

-- rule: what was moved or earned has its wallet
select m.member_id, m.unit from (select member_id, unit from ledger.movement union select member_id, unit from ledger.lot) m
 where not exists (select from ledger.wallet w where w.member_id = m.member_id and w.unit = m.unit);

-- rule: what is held waits for a decision, and is not available
select l.member_id, l.lot_id, l.released, h.state from ledger.lot l
  left join ledger.held h on h.member_id = l.member_id and h.purchase_id = l.purchase_id
 where l.held and (l.released or h.state is distinct from 'checking');

-- rule: what a rejection took back, its movements took
select h.member_id, h.purchase_id, h.taken, h.points_taken, s.cash, s.points
  from ledger.held h left join lateral (
       select sum(m.amount) filter (where m.unit = p.unit) as cash, sum(m.amount) filter (where m.unit = 'PTS') as points
         from ledger.movement m join ledger.purchase p on p.member_id = m.member_id and p.purchase_id = m.purchase_id
        where m.member_id = h.member_id and m.purchase_id = h.purchase_id and m.refund_id is null and m.step / 100 = 5) s on true
 where h.taken <> coalesce(s.cash, 0) or h.points_taken <> coalesce(s.points, 0);
