-- The only writers of money. The API's role may execute the public ones (the last lines say which) and nothing else here.
-- A refusal is raised with a state of its own, so that everything the call did is undone:
--   KT001 more than is available     KT002 the key was used for something else   KT003 the receipt was posted before
--   KT004 the identification is over KT005 the code was used                     KT006 no such wallet or purchase
--   KT007 the purchase was refunded meanwhile        KT008 the wallet changed since the quote   KT009 the budget does not cover it

-- What a movement's hash is made of: any program can say it again from an exported statement.
create function ledger.said(m ledger.movement) returns bytea language sql stable parallel safe as $$  -- stable: so it is inlined
    select convert_to(concat_ws('|', m.member_id, m.unit, m.version, m.kind, m.from_account, m.to_account, m.amount,
        coalesce(m.lot_id::text, ''), coalesce(m.purchase_id::text, ''), coalesce(m.refund_id::text, ''),
        (extract(epoch from m.event_at) * 1000000)::bigint, (extract(epoch from m.recorded_at) * 1000000)::bigint,
        m.pending_after, m.available_after, m.debt_after), 'UTF8')
$$;

-- One movement: the row, and the wallet as it is after it. The caller saves the wallet.
create function ledger.move(w ledger.wallet, p_kind text, p_from text, p_to text, p_amount bigint, p_lot uuid,
                            p_purchase uuid, p_refund uuid, p_event_at timestamptz, p_now timestamptz)
    returns ledger.wallet language plpgsql as $$
declare
    m ledger.movement;
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
    m := row(w.member_id, w.unit, w.version, p_kind, p_from, p_to, p_amount, p_lot, p_purchase, p_refund,
             p_event_at, p_now, w.pending, w.available, w.debt, null);
    m.hash := sha256(w.head || ledger.said(m));
    insert into ledger.movement values (m.*);
    w.head := m.hash;
    return w;
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
        update ledger.lot set remaining = remaining - part, version = w.version
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
              where member_id = w.member_id and unit = w.unit and remaining > 0 and not released and available_at <= p_now
              order by available_at, lot_id
    loop
        w := ledger.move(w, 'release', 'pending', 'available', l.remaining, l.lot_id, l.purchase_id, null, l.available_at, p_now);
        update ledger.lot set released = true, version = w.version where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    for l in select lot_id, remaining, expires_at, purchase_id from ledger.lot
              where member_id = w.member_id and unit = w.unit and remaining > 0 and released and expires_at <= p_now
              order by expires_at, lot_id
    loop
        w := ledger.move(w, 'expiry', 'available', 'expired', l.remaining, l.lot_id, l.purchase_id, null, l.expires_at, p_now);
        update ledger.lot set remaining = 0, expired = expired + l.remaining, version = w.version
         where member_id = w.member_id and lot_id = l.lot_id;
    end loop;
    return ledger.absorb(w, p_now);
end $$;
