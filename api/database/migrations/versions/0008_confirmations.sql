-- The member's word, on her own device, that a purchase may spend more than it may without it.

-- What tills may spend without asking her; null: what the programme says.
alter table member add column spend_limit bigint check (spend_limit >= 0);

-- A till's request, bound to one identification. It times out by `answer_by` where it waits, by `good_until` once allowed.
create table confirmation (
    confirmation_id   uuid primary key,
    programme_id      uuid not null references programme,
    member_id         uuid not null,
    identification_id uuid not null,
    session_id        uuid not null,  -- the till
    store_id          text not null,
    key               text not null,
    fingerprint       bytea not null,
    redeem            bigint not null check (redeem >= 0),
    redeem_points     bigint not null check (redeem_points >= 0),
    amount            bigint not null check (amount > 0),  -- what both are worth together
    unit              text not null,
    state             text not null default 'waiting' check (state in ('waiting', 'allowed', 'refused', 'withdrawn', 'used')),
    asked_at          timestamptz not null,
    answer_by         timestamptz not null,
    good_until        timestamptz not null,
    settled_at        timestamptz,    -- when it left `waiting`
    device_id         uuid,           -- the member's device that answered
    purchase_id       uuid,
    unique (session_id, key),
    check ((state = 'used') = (purchase_id is not null)),
    foreign key (programme_id, store_id) references store
);
create unique index confirmation_waiting on confirmation (identification_id) where state = 'waiting';
create index confirmation_of_member on confirmation (member_id, state);
create index confirmation_of_identification on confirmation (identification_id);

-- Who asked, and what the member answered. That one was used the purchase says, which follows it.
create function public.audit_confirmation() returns trigger language plpgsql as $$
declare
    s record;
begin
    select staff_id into s from public.session where session_id = new.session_id;
    insert into public.audit (programme_id, at, store_id, staff_id, session_id, member_id, action, subject, evidence)
        values (new.programme_id, coalesce(new.settled_at, new.asked_at), new.store_id,
                case when new.state in ('waiting', 'withdrawn') then s.staff_id end,
                case when new.state in ('waiting', 'withdrawn') then new.session_id else new.device_id end,
                new.member_id, 'confirm_' || case new.state when 'waiting' then 'asked' else new.state end,
                new.confirmation_id::text,
                jsonb_build_object('amount', new.amount, 'points', new.redeem_points, 'identification', new.identification_id));
    return null;
end $$;
create trigger audit_confirmation_asked after insert on confirmation for each row execute function public.audit_confirmation();
create trigger audit_confirmation_settled after update of state on confirmation for each row
    when (new.state is distinct from old.state and new.state <> 'used') execute function public.audit_confirmation();

grant select, insert, update, delete on confirmation to kierto_api;
