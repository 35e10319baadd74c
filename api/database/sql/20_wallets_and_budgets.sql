create function ledger.open_wallet(p_member uuid, p_unit text, p_programme uuid, p_now timestamptz) returns void language sql
    security definer set search_path = pg_catalog as $$
    insert into ledger.wallet (member_id, unit, programme_id, updated_at) values (p_member, p_unit, p_programme, p_now)
        on conflict do nothing;
$$;

-- Claim a key for one purchase or refund. True: it is new. False: the same call was done before. Raises KT002 otherwise.
create function ledger.claim(p_scope text, p_key text, p_fingerprint bytea, p_member uuid, p_purchase uuid, p_refund uuid)
    returns boolean language plpgsql as $$
declare
    used uuid := ledger.key_digest(p_scope, p_key);
    body bigint := ledger.fingerprint(p_fingerprint);
begin
    insert into ledger.write_claim (claim, fingerprint, member_id, purchase_id, refund_id)
        values (used, body, p_member, p_purchase, p_refund) on conflict do nothing;
    if found then return true; end if;
    perform from ledger.write_claim where claim = used and fingerprint = body;
    if not found then raise exception 'the key was used for something else' using errcode = 'KT002'; end if;
    return false;
end $$;

-- Set what a campaign may give in all, in so many buckets. What it gave stays given.
create function ledger.set_budget(p_programme uuid, p_campaign text, p_total bigint, p_buckets integer) returns void language plpgsql
    security definer set search_path = pg_catalog as $$
declare
    rest bigint;
begin
    insert into ledger.budget (programme_id, campaign_id, bucket, share)
        select p_programme, p_campaign, b, 0 from generate_series(0, p_buckets - 1) b on conflict do nothing;
    perform from ledger.budget where programme_id = p_programme and campaign_id = p_campaign order by bucket for update;
    select greatest(0, p_total - sum(given)) into rest from ledger.budget
     where programme_id = p_programme and campaign_id = p_campaign;
    update ledger.budget set share = given + rest / p_buckets + case when bucket < rest % p_buckets then 1 else 0 end
     where programme_id = p_programme and campaign_id = p_campaign and bucket < p_buckets;
    update ledger.budget set share = given
     where programme_id = p_programme and campaign_id = p_campaign and bucket >= p_buckets;
end $$;

-- The bucket of a budget that is a member's own; null where there is no such budget.
create function ledger.bucket(p_programme uuid, p_campaign text, p_member uuid) returns smallint language sql stable as $$
    select abs(hashtext(p_member::text)::bigint) % nullif(count(*), 0) from ledger.budget
     where programme_id = p_programme and campaign_id = p_campaign
$$;

-- Take p_amount out of a budget: from the member's own bucket, or where that is low from any. Raises KT009; gives back below 0.
create function ledger.charge(p_programme uuid, p_campaign text, p_member uuid, p_amount bigint) returns void language plpgsql as $$
declare
    own smallint := ledger.bucket(p_programme, p_campaign, p_member);
    b record;
    part bigint;
    rest bigint := p_amount;
begin
    if own is null then return; end if;
    update ledger.budget set given = given + p_amount
     where programme_id = p_programme and campaign_id = p_campaign and bucket = own and given + p_amount between 0 and share;
    if found then return; end if;
    for b in select bucket, given, share from ledger.budget
              where programme_id = p_programme and campaign_id = p_campaign order by bucket for update
    loop
        part := greatest(least(rest, b.share - b.given), -b.given);
        update ledger.budget set given = given + part
         where programme_id = p_programme and campaign_id = p_campaign and bucket = b.bucket;
        rest := rest - part;
        exit when rest = 0;
    end loop;
    if rest > 0 then raise exception 'the budget of % does not cover it', p_campaign using errcode = 'KT009'; end if;
end $$;

-- What a version gave and did not leave comes back to the campaign's budget, unless that version's terms had none.
create function ledger.give_back(p_programme uuid, p_campaign text, p_version integer, p_member uuid, p_amount bigint)
    returns void language plpgsql as $$
begin
    perform from public.campaign_version v
      where v.programme_id = p_programme and v.campaign_id = p_campaign and v.version = p_version and v.body #>> '{limits,total}' is null;
    if not found then perform ledger.charge(p_programme, p_campaign, p_member, -p_amount); end if;
end $$;

-- Hold a member's wallets until the transaction ends, so that what is read next stays true.
create function ledger.hold(p_member uuid) returns void language plpgsql
    security definer set search_path = pg_catalog set lock_timeout = '200ms' as $$
begin
    perform from ledger.wallet where member_id = p_member and home for update;
end $$;

-- The same for many, in the order of their ids: no two callers wait in a ring. Longer, as others of its kind hold many for longer.
create function ledger.hold_all(p_members uuid[]) returns void language plpgsql
    security definer set search_path = pg_catalog set lock_timeout = '500ms' as $$
begin
    perform from ledger.wallet where member_id = any (p_members) and home order by member_id for update;
end $$;

-- The same without waiting, for those that nobody else holds; answers the others.
create function ledger.hold_free(p_members uuid[]) returns table (o_member uuid) language plpgsql
    security definer set search_path = pg_catalog as $$
declare
    free uuid[];
begin
    select coalesce(array_agg(f.member_id), '{}') into free from (
        select member_id from ledger.wallet where member_id = any (p_members) and home order by member_id for update skip locked) f;
    return query select w.member_id from ledger.wallet w where w.member_id = any (p_members) and w.home and w.member_id <> all (free);
end $$;
