-- Post one purchase: claim, spend, earn, in one call. Answers true, or false when this very call was done before.
-- p_version is the wallet's version that the quote was worked out at; null where the quote does not depend on it.
create function ledger.post_purchase(
    p_scope text, p_key text, p_fingerprint bytea, p_identification uuid, p_device uuid, p_step bigint,
    p_member uuid, p_purchase uuid, p_programme uuid, p_store text, p_channel text, p_receipt text, p_at timestamptz,
    p_source text, p_staff uuid, p_session uuid, p_unit text, p_total bigint, p_redeem bigint, p_basket jsonb, p_quote jsonb,
    p_campaigns text[], p_versions integer[], p_values bigint[], p_available_at timestamptz[], p_expires_at timestamptz[],
    p_budgeted boolean[], p_version bigint, p_now timestamptz)
    returns boolean language plpgsql security definer set search_path = pg_catalog as $$
declare
    w ledger.wallet;
    taken record;
    lot uuid;
    earned bigint := 0;
    at_once boolean;
begin
    if p_key is not null and not ledger.claim(p_scope, p_key, p_fingerprint, p_member, p_purchase, null, p_now) then
        return false;
    end if;
    insert into ledger.receipt_claim (programme_id, store_id, receipt_number, member_id, purchase_id)
        values (p_programme, p_store, p_receipt, p_member, p_purchase) on conflict do nothing;
    if not found then
        raise exception 'the receipt was posted before' using errcode = 'KT003';
    end if;
    if p_identification is not null then
        update public.identification set purchase_id = p_purchase
         where identification_id = p_identification and session_id = p_session and member_id = p_member
           and purchase_id is null and expires_at > p_now;
        if not found then raise exception 'the identification is over' using errcode = 'KT004'; end if;
    end if;
    if p_device is not null then
        update public.session
           set last_step = p_step, used_steps = array(select s from unnest(used_steps) s where s > p_step - 20300) || p_step
         where session_id = p_device and member_id = p_member and last_step < p_step and revoked_at is null;
        if not found then raise exception 'the code was used' using errcode = 'KT005'; end if;
    end if;
    select * into w from ledger.wallet where member_id = p_member and unit = p_unit and programme_id = p_programme for update;
    if not found then raise exception 'no such wallet' using errcode = 'KT006'; end if;
    if w.version <> p_version then raise exception 'the wallet changed since the quote' using errcode = 'KT008'; end if;

    if p_redeem > 0 then
        w := ledger.settle_wallet(w, p_now);
        taken := ledger.take(w, p_redeem, 'redemption', 'redeemed', p_purchase, null, p_now);
        w := taken.w;
        if taken.missing > 0 then raise exception 'more than is available' using errcode = 'KT001'; end if;
    end if;
    for i in 1 .. coalesce(array_length(p_values, 1), 0) loop
        lot := gen_random_uuid();
        at_once := p_available_at[i] <= p_at;
        w := ledger.move(w, 'accrual', 'funding', case when at_once then 'available' else 'pending' end, p_values[i], lot,
                         p_purchase, null, p_at, p_now);
        insert into ledger.lot (member_id, lot_id, unit, purchase_id, campaign_id, campaign_version, original, remaining,
                                released, available_at, expires_at, version)
            values (p_member, lot, p_unit, p_purchase, p_campaigns[i], p_versions[i], p_values[i], p_values[i],
                    at_once, p_available_at[i], p_expires_at[i], w.version);
        earned := earned + p_values[i];
        if p_budgeted[i] then perform ledger.charge(p_programme, p_campaigns[i], p_member, p_values[i]); end if;
    end loop;
    w := ledger.absorb(w, p_now);
    if earned = 0 and p_redeem = 0 then w.version := w.version + 1; end if;
    perform ledger.save(w, p_now);
    insert into ledger.purchase (member_id, purchase_id, programme_id, store_id, channel, receipt_number, at, recorded_at, source,
                                 staff_id, session_id, unit, total, earned, redeemed, basket, quote,
                                 pending_after, available_after, debt_after, posted_version, version)
        values (p_member, p_purchase, p_programme, p_store, p_channel, p_receipt, p_at, p_now, p_source,
                p_staff, p_session, p_unit, p_total, earned, p_redeem, p_basket, p_quote,
                w.pending, w.available, w.debt, w.version, w.version);
    return true;
end $$;
