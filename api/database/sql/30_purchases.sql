-- A purchase's id whose last 16 bits are zero can number its lots there, so that a lot names its purchase by its own id.
create function ledger.is_round(p_purchase uuid) returns boolean language sql immutable parallel safe as $$
    select uuid_extract_version(p_purchase) = 7 and get_byte(uuid_send(p_purchase), 14) = 0 and get_byte(uuid_send(p_purchase), 15) = 0
$$;
create function ledger.numbered(p_purchase uuid, p_number integer) returns uuid language sql immutable parallel safe as $$
    select encode(set_byte(set_byte(uuid_send(p_purchase), 14, p_number / 256), 15, p_number % 256), 'hex')::uuid
$$;

-- The lots of a purchase: found by their own ids, or by what they name.
create function ledger.lots_of(p_member uuid, p_purchase uuid) returns setof ledger.lot language sql stable as $$
    select * from ledger.lot where member_id = p_member and lot_id > p_purchase and lot_id <= ledger.numbered(p_purchase, 65535)
                               and ledger.is_round(p_purchase)
    union all
    select * from ledger.lot where member_id = p_member and bought_in = p_purchase
$$;

-- Post one purchase: claim, spend, earn, in one call. Answers its row, or null when this very call was done before.
-- p_version is the wallet's version that the quote was worked out at; null where the quote does not depend on it.
create function ledger.post_purchase(
    p_scope text, p_key text, p_fingerprint bytea, p_identification uuid, p_device uuid, p_step bigint,
    p_member uuid, p_purchase uuid, p_programme uuid, p_store text, p_channel text, p_receipt text, p_at timestamptz,
    p_source text, p_staff uuid, p_session uuid, p_unit text, p_total bigint, p_redeem bigint,
    p_redeem_points bigint, p_points_worth bigint, p_basket jsonb, p_quote jsonb,
    p_units text[], p_campaigns text[], p_versions integer[], p_values bigint[], p_available_at timestamptz[], p_expires_at timestamptz[],
    p_budgeted boolean[], p_version bigint, p_now timestamptz)
    returns ledger.purchase language plpgsql security definer set search_path = pg_catalog set lock_timeout = '200ms' as $$
declare
    w ledger.wallet;
    v ledger.wallet;
    posted ledger.purchase;
    taken record;
    lot uuid;
    earned bigint := 0;
    points bigint := 0;
    before bigint;
    at_once boolean;
    round boolean := ledger.is_round(p_purchase);
begin
    if p_key is not null and not ledger.claim(p_scope, p_key, p_fingerprint, p_member, p_purchase, null) then
        return null;
    end if;
    insert into ledger.receipt_claim (receipt, member_id, purchase_id)
        values (ledger.receipt_digest(p_programme, p_store, p_receipt), p_member, p_purchase) on conflict do nothing;
    if not found then
        raise exception 'the receipt was posted before' using errcode = 'KT003';
    end if;
    if p_staff is not null and exists (select from public.staff_account where staff_id = p_staff and member_id = p_member) then
        raise exception 'own account' using errcode = 'KT010';
    end if;
    if p_redeem + p_redeem_points > 0 and ledger.spending_opens(p_programme, p_member, coalesce(p_device, (
            select device_id from public.identification where identification_id = p_identification))) > p_now then
        raise exception 'the device is new' using errcode = 'KT011';
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
    before := w.version;

    if p_redeem > 0 then
        w := ledger.settle_wallet(w, p_now);
        taken := ledger.take(w, p_redeem, 'redemption', 'redeemed', p_purchase, null, p_now);
        w := taken.w;
        if taken.missing > 0 then raise exception 'more than is available' using errcode = 'KT001'; end if;
    end if;
    if p_redeem_points > 0 then
        v := ledger.settle_wallet(ledger.beside(w, 'PTS', p_now), p_now);
        taken := ledger.take(v, p_redeem_points, 'redemption', 'redeemed', p_purchase, null, p_now);
        if taken.missing > 0 then raise exception 'more than is available' using errcode = 'KT001'; end if;
        v := taken.w;
        perform ledger.save(v, p_now);
        w.version := v.version;
    end if;
    for i in 1 .. coalesce(cardinality(p_values), 0) loop
        lot := case when round then ledger.numbered(p_purchase, i) else gen_random_uuid() end;
        at_once := p_available_at[i] <= p_at;
        if p_units[i] = p_unit then  -- ledger.move said in place: this is what nearly every receipt does, and nothing else
            w.version := w.version + 1;
            if at_once then w.available := w.available + p_values[i]; else w.pending := w.pending + p_values[i]; end if;
            w.head := sha256(w.head || ledger.words(p_member, p_unit, w.version, 'accrual', 'funding',
                case when at_once then 'available' else 'pending' end, p_values[i], lot, p_purchase, null, p_at, p_now,
                w.pending, w.available, w.debt));
            insert into ledger.movement (version, amount, event_at, recorded_at, pending_left, available_left, debt_left,
                                         member_id, lot_id, bought_in, hash, step, unit)
                values (w.version, p_values[i], p_at, p_now, nullif(w.pending, 0), nullif(w.available, 0), nullif(w.debt, 0),
                        p_member, lot, case when round then null else p_purchase end, w.head, case when at_once then 142 else 141 end, p_unit);
            earned := earned + p_values[i];
        else
            v := ledger.beside(w, p_units[i], p_now);
            v := ledger.move(v, 'accrual', 'funding', case when at_once then 'available' else 'pending' end, p_values[i], lot,
                             p_purchase, null, p_at, p_now);
            perform ledger.save(v, p_now);
            w.version := v.version;
            if p_units[i] = 'PTS' then points := points + p_values[i]; end if;
        end if;
        insert into ledger.lot (original, remaining, available_at, expires_at, member_id, lot_id, bought_in, campaign_version,
                                unit, campaign_id, released)
            values (p_values[i], p_values[i], p_available_at[i], p_expires_at[i], p_member, lot,
                    case when round then null else p_purchase end, p_versions[i], p_units[i], p_campaigns[i], at_once);
        if p_units[i] <> p_unit and v.debt > 0 and v.available > 0 then
            v := ledger.absorb(v, p_now);
            perform ledger.save(v, p_now);
            w.version := v.version;
        end if;
        if p_budgeted[i] then perform ledger.charge(p_programme, p_campaigns[i], p_member, p_values[i]); end if;
    end loop;
    if w.debt > 0 and w.available > 0 then w := ledger.absorb(w, p_now); end if;
    if w.version = before then w.version := w.version + 1; end if;
    update ledger.wallet
       set pending = w.pending, available = w.available, debt = w.debt, version = w.version, head = w.head, updated_at = p_now
     where member_id = p_member and unit = p_unit;
    insert into ledger.purchase (member_id, purchase_id, programme_id, store_id, channel, receipt_number, at, recorded_at, source,
                                 staff_id, session_id, unit, total, earned, redeemed, points, points_spent, points_worth, basket, quote,
                                 pending_after, available_after, debt_after, posted_version, version)
        values (p_member, p_purchase, p_programme, p_store, p_channel, p_receipt, p_at, p_now, p_source,
                p_staff, p_session, p_unit, p_total, earned, p_redeem, points, p_redeem_points, p_points_worth, p_basket, p_quote,
                w.pending, w.available, w.debt, w.version, w.version)
        returning * into posted;
    if exists (select from public.tier_ladder where programme_id = p_programme) then
        insert into public.tier_due (member_id) values (p_member) on conflict do nothing;  -- its tier is to be looked at
    end if;
    return posted;
end $$;
