-- A hold freezes what was available already, by a movement of its own kind (`hold`: from available to pending), and says what a
-- rejection took in every unit.
do $$ declare c name; begin  -- the check has the name that the table had when it was made
    for c in select conname from pg_constraint
              where conrelid = 'ledger.movement'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%step%' loop
        execute format('alter table ledger.movement drop constraint %I', c);
    end loop;
end $$;
alter table ledger.movement
    add constraint movement_step check (step / 100 between 1 and 9 and step / 10 % 10 between 1 and 7 and step % 10 between 1 and 7
                                        and step / 10 % 10 <> step % 10),
    drop column kind;
alter table ledger.movement  -- virtual: nothing is rewritten
    add column kind text generated always as
        (('{accrual,release,redemption,restoration,clawback,absorption,expiry,adjustment,hold}'::text[])[step / 100]) virtual;

-- What a rejection took, as its movements say; older ones counted what had expired, too.
alter table ledger.held add column points_taken bigint not null default 0;
update ledger.held h
   set taken = coalesce(s.cash, 0), points_taken = coalesce(s.points, 0)
  from ledger.held o left join (
       select m.member_id, m.purchase_id, sum(m.amount) filter (where m.unit <> 'PTS') as cash,
              sum(m.amount) filter (where m.unit = 'PTS') as points
         from ledger.movement m where m.step / 100 = 5 and m.refund_id is null group by 1, 2) s using (member_id, purchase_id)
 where h.member_id = o.member_id and h.purchase_id = o.purchase_id and h.state = 'rejected';
-- Told by ledger.spending_opens now.
drop function public.spends_later;

create index lot_held on ledger.lot (member_id) where held;
