-- What people decide about money: a correction in a member's favour, and what is left when a member goes.

-- Give a member an amount, for a reason that somebody answers for. Answers false when this very one was given before.
create function ledger.adjust(p_member uuid, p_unit text, p_adjustment uuid, p_amount bigint, p_purchase uuid, p_staff uuid,
                              p_session uuid, p_reason text, p_expires_at timestamptz, p_now timestamptz)
    returns boolean language plpgsql security definer set search_path = pg_catalog as $$
declare
    w ledger.wallet;
    lot uuid := gen_random_uuid();
begin
    select * into w from ledger.wallet where member_id = p_member and unit = p_unit for update;
    if not found then raise exception 'no such wallet' using errcode = 'KT006'; end if;
    perform from ledger.adjustment where member_id = p_member and adjustment_id = p_adjustment;
    if found then return false; end if;
    w := ledger.move(w, 'adjustment', 'adjusted', 'available', p_amount, lot, p_purchase, null, p_now, p_now);
    insert into ledger.lot (member_id, lot_id, unit, campaign_id, campaign_version, original, remaining,
                            released, available_at, expires_at)
        values (p_member, lot, p_unit, 'adjustment', 0, p_amount, p_amount, true, p_now, p_expires_at);
    insert into ledger.adjustment (member_id, adjustment_id, unit, amount, lot_id, purchase_id, staff_id, session_id, reason, at, version)
        values (p_member, p_adjustment, p_unit, p_amount, lot, p_purchase, p_staff, p_session, p_reason, p_now, w.version);
    perform ledger.save(ledger.absorb(w, p_now), p_now);
    return true;
end $$;

-- All that a wallet holds expires at once, and what it owes is let go.
create function ledger.forfeit(w ledger.wallet, p_now timestamptz) returns ledger.wallet language plpgsql as $$
declare
    l record;
begin
    for l in select lot_id, remaining, released, purchase_id from ledger.lot
              where member_id = w.member_id and unit = w.unit and remaining > 0
              order by expires_at nulls last, available_at, purchase_id, campaign_id, lot_id
    loop
        w := ledger.move(w, 'expiry', case when l.released then 'available' else 'pending' end, 'expired', l.remaining,
                         l.lot_id, l.purchase_id, null, p_now, p_now);
        update ledger.lot set remaining = 0, expired = coalesce(expired, 0) + l.remaining
         where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    if w.debt > 0 then
        w := ledger.move(w, 'adjustment', 'adjusted', 'debt', w.debt, null, null, null, p_now, p_now);
    end if;
    return w;
end $$;

-- Forget up to p_limit members whose time to think it over has passed; answers them with the sessions that ended. Call it until
-- it answers none. One transaction forgets a member whole or not at all. Movements, receipts and the chain of hashes stay: they
-- say a member's id, and nothing says any more whose that was. Sessions before wallets: a till locks them in that order.
create function ledger.erase_due(p_now timestamptz, p_limit integer) returns table (o_member uuid, o_sessions uuid[])
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    members uuid[];
    w ledger.wallet;
begin
    select array_agg(due.member_id) into members from (
        select m.member_id from public.member m where m.erase_at <= p_now and m.closed_at is null
         order by m.erase_at, m.member_id limit p_limit for update skip locked) due;
    if members is null then return; end if;
    update public.session set revoked_at = coalesce(revoked_at, p_now), device_name = '', refresh_hash = sha256(refresh_hash),
                              previous_refresh_hash = null
     where member_id = any (members);
    for w in select t.* from ledger.wallet t where t.member_id = any (members) order by t.member_id, t.home desc for update loop
        select version into w.version from ledger.wallet where member_id = w.member_id and home;
        w := ledger.forfeit(w, p_now);
        perform ledger.save(w, p_now);
        update ledger.wallet set version = w.version where member_id = w.member_id and home and not w.home;
    end loop;
    update public.queued_receipt set said = '', member_number = null
     where member_id = any (members)
        or member_number in (select n.member_number from public.member_number n where n.member_id = any (members));
    delete from public.one_time_code o using public.member_contact c
     where c.member_id = any (members) and o.programme_id = c.programme_id and o.contact = c.contact;
    delete from public.member_contact where member_id = any (members);
    delete from public.member_number where member_id = any (members);
    delete from public.offer_activation where member_id = any (members);
    delete from public.offer_hidden where member_id = any (members);
    delete from public.confirmation where member_id = any (members);
    delete from public.consent where member_id = any (members);
    delete from public.expiry_notice where member_id = any (members);
    delete from public.terms_acceptance where member_id = any (members);
    delete from public.member_export where member_id = any (members);
    update public.member_claim set note = '', words = '' where member_id = any (members);
    update public.feedback set comment = '' where member_id = any (members);
    update public.member
       set name = '', member_number = '', email = null, phone = null, birthday = null, language = 'en', language_chosen = false,
           segments = '{}', use_history = false, spend_limit = null, leave_asked_at = null, erase_at = null, closed_at = p_now
     where member_id = any (members);
    return query select s.member_id, array_agg(s.session_id) from public.session s where s.member_id = any (members) group by 1
                 union all select m, '{}'::uuid[] from unnest(members) m
                  where not exists (select from public.session s where s.member_id = m);
end $$;
