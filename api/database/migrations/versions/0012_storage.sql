-- Less work for each receipt: whose tier is to be looked at is noted once for all purchases of a statement.
drop trigger note_tier_due on ledger.purchase;
create or replace function note_tier_due() returns trigger language plpgsql as $$
begin
    if exists (select from public.tier_ladder where programme_id in (select programme_id from fresh)) then
        insert into public.tier_due (member_id)
            select f.member_id from fresh f where exists (select from public.tier_ladder l where l.programme_id = f.programme_id)
             order by 1 on conflict do nothing;
    end if;
    return null;
end $$;
create trigger note_tier_due after insert on ledger.purchase referencing new table as fresh
    for each statement execute function note_tier_due();
