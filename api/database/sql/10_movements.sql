-- The only writers of money. The API's role may execute the public ones (the last lines say which) and nothing else here.
-- Who waits longer than a moment for another's lock here gives up: the API lets one write of a member try again at a time
-- (api/core/turns.py), so that one wallet that somebody holds never takes all its connections.
-- A refusal is raised with a state of its own, so that everything the call did is undone:
--   KT001 more than is available     KT002 the key was used for something else   KT003 the receipt was posted before
--   KT004 the identification is over KT005 the code was used                     KT006 no such wallet or purchase
--   KT007 the purchase was refunded meanwhile        KT008 the wallet changed since the quote   KT009 the budget does not cover it

-- 128 bits of a text's SHA-256: what a claim is found by. Stable, as convert_to is: so they are inlined.
create function ledger.digest(p_text text) returns uuid language sql stable parallel safe as $$
    select encode(substr(sha256(convert_to(p_text, 'UTF8')), 1, 16), 'hex')::uuid
$$;
create function ledger.receipt_digest(p_programme uuid, p_store text, p_receipt text) returns uuid language sql stable parallel safe as $$
    select ledger.digest(p_programme::text || E'\n' || p_store || E'\n' || p_receipt)
$$;
create function ledger.key_digest(p_scope text, p_key text) returns uuid language sql stable parallel safe as $$
    select ledger.digest(p_scope || E'\n' || p_key)
$$;

-- The first 8 bytes of a body's digest: enough to tell one caller's bodies of one key apart.
create function ledger.fingerprint(p_fingerprint bytea) returns bigint language sql immutable parallel safe as $$
    select ('x' || encode(substr(p_fingerprint || '\x0000000000000000'::bytea, 1, 8), 'hex'))::bit(64)::bigint
$$;

-- What a movement's hash is made of: any program can say it again from an exported statement. Stable: so it is inlined.
create function ledger.words(p_member uuid, p_unit text, p_version bigint, p_kind text, p_from text, p_to text, p_amount bigint,
                            p_lot uuid, p_purchase uuid, p_refund uuid, p_event_at timestamptz, p_recorded_at timestamptz,
                            p_pending bigint, p_available bigint, p_debt bigint)
    returns bytea language sql stable parallel safe as $$
    select convert_to(concat_ws('|', p_member, p_unit, p_version, p_kind, p_from, p_to, p_amount,
        coalesce(p_lot::text, ''), coalesce(p_purchase::text, ''), coalesce(p_refund::text, ''),
        (extract(epoch from p_event_at) * 1000000)::bigint, (extract(epoch from p_recorded_at) * 1000000)::bigint,
        p_pending, p_available, p_debt), 'UTF8')
$$;
create function ledger.said(m ledger.movement) returns bytea language sql stable parallel safe as $$
    select ledger.words(m.member_id, m.unit, m.version, m.kind, m.from_account, m.to_account, m.amount, m.lot_id, m.purchase_id,
                       m.refund_id, m.event_at, m.recorded_at, m.pending_after, m.available_after, m.debt_after)
$$;

-- A movement's kind and accounts as the table keeps them.
create function ledger.step(p_kind text, p_from text, p_to text) returns smallint language sql immutable parallel safe as $$
    select (100 * array_position('{accrual,release,redemption,restoration,clawback,absorption,expiry,adjustment,hold}'::text[], p_kind)
            + 10 * array_position('{pending,available,debt,funding,redeemed,expired,adjusted}'::text[], p_from)
            + array_position('{pending,available,debt,funding,redeemed,expired,adjusted}'::text[], p_to))::smallint
$$;

-- One movement: the row, and the wallet as it is after it. The caller saves the wallet.
create function ledger.move(w ledger.wallet, p_kind text, p_from text, p_to text, p_amount bigint, p_lot uuid,
                            p_purchase uuid, p_refund uuid, p_event_at timestamptz, p_now timestamptz)
    returns ledger.wallet language plpgsql as $$
begin
    w.version := w.version + 1;
    case p_from
        when 'pending' then w.pending := w.pending - p_amount;
        when 'available' then w.available := w.available - p_amount;
        when 'debt' then w.debt := w.debt + p_amount;
        else null;
    end case;
    case p_to
        when 'pending' then w.pending := w.pending + p_amount;
        when 'available' then w.available := w.available + p_amount;
        when 'debt' then w.debt := w.debt - p_amount;
        else null;
    end case;
    w.head := sha256(w.head || ledger.words(w.member_id, w.unit, w.version, p_kind, p_from, p_to, p_amount, p_lot, p_purchase,
                                           p_refund, p_event_at, p_now, w.pending, w.available, w.debt));
    insert into ledger.movement (version, amount, event_at, recorded_at, pending_left, available_left, debt_left, member_id,
                                 lot_id, bought_in, refund_id, hash, step, unit)
        values (w.version, p_amount, p_event_at, p_now, nullif(w.pending, 0), nullif(w.available, 0), nullif(w.debt, 0),
                w.member_id, p_lot, case when p_kind <> 'accrual' or not ledger.is_round(p_purchase) then p_purchase end, p_refund,
                w.head, ledger.step(p_kind, p_from, p_to), w.unit);
    return w;
end $$;

-- A member's wallet in another unit than the home wallet's, which the caller holds: opened where there is none, and at the
-- member's version. The caller saves it, and takes its version back to the home wallet.
create function ledger.beside(w ledger.wallet, p_unit text, p_now timestamptz) returns ledger.wallet language plpgsql as $$
declare
    beside ledger.wallet;
begin
    insert into ledger.wallet (member_id, unit, programme_id, home, updated_at)
        values (w.member_id, p_unit, w.programme_id, false, p_now) on conflict do nothing;
    select * into strict beside from ledger.wallet where member_id = w.member_id and unit = p_unit for update;
    beside.version := w.version;
    return beside;
end $$;

create function ledger.save(w ledger.wallet, p_now timestamptz) returns void language sql as $$
    update ledger.wallet
       set pending = w.pending, available = w.available, debt = w.debt, version = w.version, head = w.head, updated_at = p_now
     where member_id = w.member_id and unit = w.unit;
$$;

-- Take up to p_amount out of available lots: nearest expiry first, then oldest, never-expiring last. Purchases and campaigns
-- break ties, so that the same history gives the same lots.
create function ledger.take(inout w ledger.wallet, p_amount bigint, p_kind text, p_to text, p_purchase uuid, p_refund uuid,
                            p_now timestamptz, out missing bigint)
    language plpgsql as $$
declare
    l record;
    part bigint;
begin
    missing := p_amount;
    if missing = 0 then return; end if;
    for l in select lot_id, remaining from ledger.lot
              where member_id = w.member_id and unit = w.unit and remaining > 0 and released
                and (expires_at is null or expires_at > p_now)
              order by expires_at nulls last, available_at, purchase_id, campaign_id, lot_id
    loop
        part := least(missing, l.remaining);
        w := ledger.move(w, p_kind, 'available', p_to, part, l.lot_id, p_purchase, p_refund, p_now, p_now);
        update ledger.lot set remaining = remaining - part
         where member_id = w.member_id and lot_id = l.lot_id;
        missing := missing - part;
        exit when missing = 0;
    end loop;
end $$;

-- What is owed is taken from what is available.
create function ledger.absorb(w ledger.wallet, p_now timestamptz) returns ledger.wallet language plpgsql as $$
begin
    if w.debt > 0 and w.available > 0 then
        select (t.w).* into w from ledger.take(w, least(w.debt, w.available), 'absorption', 'debt', null, null, p_now) t;
    end if;
    return w;
end $$;

-- Bring one locked wallet up to p_now: pending lots that are due become available, available ones past their end expire.
create function ledger.settle_wallet(w ledger.wallet, p_now timestamptz) returns ledger.wallet language plpgsql as $$
declare
    l record;
begin
    for l in select lot_id, remaining, available_at, purchase_id from ledger.lot
              where member_id = w.member_id and unit = w.unit and remaining > 0 and not released and not held and available_at <= p_now
              order by available_at, lot_id
    loop
        w := ledger.move(w, 'release', 'pending', 'available', l.remaining, l.lot_id, l.purchase_id, null, l.available_at, p_now);
        update ledger.lot set released = true where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    for l in select lot_id, remaining, expires_at, purchase_id from ledger.lot
              where member_id = w.member_id and unit = w.unit and remaining > 0 and released and expires_at <= p_now
              order by expires_at, lot_id
    loop
        w := ledger.move(w, 'expiry', 'available', 'expired', l.remaining, l.lot_id, l.purchase_id, null, l.expires_at, p_now);
        update ledger.lot set remaining = 0, expired = coalesce(expired, 0) + l.remaining
         where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    return ledger.absorb(w, p_now);
end $$;
