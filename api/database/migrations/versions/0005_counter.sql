-- Roles, holds and the audit trail of a shop; its catalogue.

alter table staff add column all_stores boolean not null default false, add column deactivated_at timestamptz;

-- The accounts that a member of staff may not serve: her own, and those linked to her.
create table staff_account (
    staff_id     uuid not null references staff,
    member_id    uuid not null,
    programme_id uuid not null,
    linked_by    uuid not null,
    linked_at    timestamptz not null,
    primary key (staff_id, member_id)
);

-- What a programme has set for its tills: a row a version, never changed.
create table programme_settings (
    programme_id uuid not null references programme,
    version      integer not null check (version > 0),
    body         jsonb not null,
    changed_by   uuid not null,
    changed_at   timestamptz not null,
    primary key (programme_id, version)
);

-- What staff did, but for purchases: the ledger's own rows say those, and are append-only themselves.
create table audit (
    programme_id uuid not null,
    entry_id     uuid not null default gen_random_uuid(),
    at           timestamptz not null,
    store_id     text,
    staff_id     uuid,
    session_id   uuid,
    member_id    uuid,
    action       text not null,
    subject      text not null default '',
    evidence     jsonb not null default '{}',
    primary key (programme_id, entry_id)
);
create index audit_newest on audit (programme_id, at desc, entry_id desc);

-- What looked unusual, for a manager to decide. A hold on purchases names its review.
create table review (
    review_id    uuid primary key,
    programme_id uuid not null references programme,
    store_id     text,
    kind         text not null,
    subject      text not null,  -- what it is about: the same thing has one open review
    state        text not null default 'open' check (state in ('open', 'cleared', 'rejected')),
    member_id    uuid,
    staff_id     uuid,
    session_id   uuid,
    opened_at    timestamptz not null,
    evidence     jsonb not null default '{}',
    decided_by   uuid,
    decided_at   timestamptz,
    note         text not null default ''
);
create unique index review_open on review (programme_id, kind, subject) where state = 'open';
create index review_newest on review (programme_id, opened_at desc, review_id desc);

-- Up to when purchases have been looked at.
create table review_watch (
    programme_id uuid primary key references programme,
    seen_to      timestamptz not null
);

create table category (
    programme_id uuid not null references programme,
    path         text not null,
    names        jsonb not null,  -- {language: name}
    icon         text not null default '',
    position     integer not null default 0,
    primary key (programme_id, path)
);

create table product (
    programme_id uuid not null references programme,
    gtin         text not null check (gtin ~ '^[0-9]{14}$'),
    name         text not null,
    category     text not null default '',
    brand        text not null default '',
    tags         text[] not null default '{}',
    price        bigint check (price > 0),
    version      bigint not null,
    removed      boolean not null default false,
    primary key (programme_id, gtin)
);
create index product_changed on product (programme_id, version);

create table catalogue (
    programme_id uuid primary key references programme,
    version      bigint not null
);

-- A store's working day, from opening to closing. `closing` is what the API counted when it was closed.
create table shift (
    shift_id     uuid primary key,
    programme_id uuid not null,
    store_id     text not null,
    opened_at    timestamptz not null,
    opened_by    uuid not null,
    closed_at    timestamptz,
    closed_by    uuid,
    counted      jsonb,  -- what the shop's own till said at closing
    closing      jsonb,
    note         text not null default '',
    foreign key (programme_id, store_id) references store
);
create unique index shift_open on shift (programme_id, store_id) where closed_at is null;
create index shift_newest on shift (programme_id, store_id, opened_at desc);

-- A hold on a purchase: its pending lots are not released until it is cleared; rejected ones are clawed back.
alter table ledger.lot add column held boolean not null default false;
create table ledger.held (
    member_id   uuid not null,
    purchase_id uuid not null,
    review_id   uuid not null,
    state       text not null default 'checking' check (state in ('checking', 'cleared', 'rejected')),
    since       timestamptz not null,
    decided_at  timestamptz,
    taken       bigint not null default 0,
    primary key (member_id, purchase_id),
    foreign key (member_id, purchase_id) references ledger.purchase
);
create index held_of_review on ledger.held (review_id);

-- Who stands at a till is written with the act itself, whatever code did it; nobody serves her own account.
create function public.audit_identified() returns trigger language plpgsql as $$
declare
    s record;
begin
    select staff_id, store_id into s from public.session where session_id = new.session_id;
    if exists (select from public.staff_account a where a.staff_id = s.staff_id and a.member_id = new.member_id) then
        raise exception 'own account' using errcode = 'KT010', detail = new.member_id::text;
    end if;
    insert into public.audit (programme_id, at, store_id, staff_id, session_id, member_id, action, subject, evidence)
        values (new.programme_id, new.created_at, s.store_id, s.staff_id, new.session_id, new.member_id, 'identify',
                new.identification_id::text, jsonb_build_object('by', case when new.device_id is null then 'contact' else 'code' end));
    return null;
end $$;
create trigger audit_identified after insert on identification for each row execute function public.audit_identified();

-- Whether a device signed in so lately that it may not spend yet. A member's first device may: there is nothing to steal.
create function public.spends_later(p_programme uuid, p_member uuid, p_device uuid, p_now timestamptz) returns boolean
    language sql stable as $$
    select exists (
        select from (select (x.body ->> 'new_device_hours')::integer as hours from public.programme_settings x
                      where x.programme_id = p_programme order by x.version desc limit 1) s
          join public.session d on d.session_id = p_device and d.created_at > p_now - make_interval(hours => s.hours)
         where s.hours > 0 and exists (select from public.session o where o.member_id = p_member and o.created_at < d.created_at))
$$;

create function public.audit_refunded() returns trigger language plpgsql as $$
declare
    p record;
begin
    select programme_id, store_id, receipt_number into p from ledger.purchase
     where member_id = new.member_id and purchase_id = new.purchase_id;
    insert into public.audit (programme_id, at, store_id, staff_id, session_id, member_id, action, subject, evidence)
        values (p.programme_id, new.at, p.store_id, new.staff_id, new.session_id, new.member_id, 'refund', new.purchase_id::text,
                jsonb_build_object('receipt_number', p.receipt_number, 'amount', new.amount, 'clawed_back', new.clawed_back,
                                   'restored', new.restored, 'reason', new.reason));
    return null;
end $$;
create trigger audit_refunded after insert on ledger.refund for each row when (new.staff_id is not null)
    execute function public.audit_refunded();

create function public.audit_session() returns trigger language plpgsql as $$
declare
    what text := 'sign_in';
begin
    if tg_op = 'UPDATE' then
        what := case when new.revoked_at is distinct from old.revoked_at then 'sign_out' else 'switch' end;
    end if;
    insert into public.audit (programme_id, at, store_id, staff_id, session_id, action, evidence)
        values (new.programme_id, case what when 'sign_in' then new.created_at when 'sign_out' then new.revoked_at
                                            else new.last_seen_at end,
                new.store_id, new.staff_id, new.session_id, what,
                jsonb_build_object('device', new.device_name)
                    || case what when 'switch' then jsonb_build_object('from', old.staff_id) else '{}' end);
    return null;
end $$;
create trigger audit_sign_in after insert on session for each row when (new.kind = 'staff') execute function public.audit_session();
create trigger audit_session_changed after update of staff_id, revoked_at on session for each row
    when (new.kind = 'staff' and (new.revoked_at is distinct from old.revoked_at or new.staff_id is distinct from old.staff_id))
    execute function public.audit_session();

grant select, insert on audit, programme_settings to kierto_api;
grant select, insert, update, delete on staff_account, review, review_watch, category, product, catalogue, shift to kierto_api;
grant select on ledger.held to kierto_api;
