-- What a column of the ledger may hold is said by its type. PostgreSQL reads a table's checks anew for each statement that
-- inserts or updates, and with each check every column that is worked out as it is read: a quarter of what a receipt
-- took. A type's check it reads once in a session. Nothing is rewritten; what is there is looked through once.
create domain ledger.amount as bigint;
create domain ledger.balance as bigint;
create domain ledger.source as text;

do $$ declare c record; begin  -- some have the name that the table had when it was made
    for c in select conrelid::regclass as of_table, conname from pg_constraint
              where contype = 'c' and conrelid in ('ledger.wallet'::regclass, 'ledger.movement'::regclass, 'ledger.lot'::regclass,
                                                 'ledger.purchase'::regclass) loop
        execute format('alter table %s drop constraint %I', c.of_table, c.conname);
    end loop;
end $$;

alter table ledger.wallet
    alter column pending type ledger.balance,
    alter column available type ledger.balance,
    alter column debt type ledger.balance;

-- `step` keeps its type: none of ours may be worked out from as a row is read. The functions write nothing else than what
-- they name, a kind or an account without a name is no step, and `verify` looks.
alter table ledger.movement alter column amount type ledger.amount;

alter table ledger.lot alter column original type ledger.amount, alter column expired type ledger.balance;
alter table ledger.lot
    add constraint lot_parts check (remaining between 0 and original and (forgiven is null or forgiven between 0 and coalesce(expired, 0)));

alter table ledger.purchase
    alter column total type ledger.amount,
    alter column earned type ledger.balance,
    alter column redeemed type ledger.balance,
    alter column points_worth type ledger.balance,
    alter column source type ledger.source;
alter table ledger.purchase add constraint purchase_paid check (redeemed + points_worth <= total);

alter domain ledger.amount add constraint amount_above_nothing check (value > 0);
alter domain ledger.balance add constraint balance_not_below_nothing check (value >= 0);
alter domain ledger.source add constraint source_is_known check (value in ('till', 'channel', 'import'));
