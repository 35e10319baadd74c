-- Consents, exports, erasure, claims and feedback of a member.

alter table programme
    add column leave_days integer not null default 14 check (leave_days between 0 and 90),
    add column claim_days integer not null default 30 check (claim_days between 1 and 365),
    add column claim_answer_days integer not null default 7 check (claim_answer_days between 1 and 90),
    add column terms_version integer not null default 1;

alter table member
    add column language_chosen boolean not null default false,
    add column leave_asked_at timestamptz,
    add column erase_at timestamptz,
    add check ((leave_asked_at is null) = (erase_at is null));
create index member_leaving on member (erase_at) where erase_at is not null;

-- What a member accepts when joining, as it was written then.
create table programme_terms (
    programme_id uuid not null references programme,
    version      integer not null check (version > 0),
    texts        jsonb not null,  -- by language
    created_at   timestamptz not null,
    primary key (programme_id, version)
);

create table terms_acceptance (
    member_id   uuid not null,
    version     integer not null,
    accepted_at timestamptz not null,
    primary key (member_id, version)
);

-- Each yes and each no, with the wording that was read. The newest of a channel and purpose counts.
create table consent (
    member_id       uuid not null,
    consent_id      uuid not null,
    channel         text not null check (channel in ('email', 'sms', 'push', 'app')),
    purpose         text not null check (purpose in ('news', 'personal', 'feedback', 'history')),
    granted         boolean not null,
    wording_version integer not null,
    language        text not null,
    at              timestamptz not null,
    session_id      uuid,
    check ((channel = 'app') = (purpose = 'history')),
    primary key (member_id, consent_id)
);

-- A copy of all that is stored of a member, made in the background; lease_until says until when someone works on it.
create table member_export (
    member_id   uuid not null,
    export_id   uuid not null,
    state       text not null check (state in ('waiting', 'ready', 'failed')),
    asked_at    timestamptz not null,
    lease_until timestamptz,
    attempts    integer not null default 0,
    done        integer not null default 0,
    total       integer not null default 0,
    bytes       bigint,
    ready_at    timestamptz,
    expires_at  timestamptz not null,
    primary key (member_id, export_id)
);
create index member_export_waiting on member_export (asked_at) where state = 'waiting';
create index member_export_over on member_export (expires_at);

create table member_export_part (
    member_id uuid not null,
    export_id uuid not null,
    part      integer not null,
    content   bytea not null,
    primary key (member_id, export_id, part),
    foreign key (member_id, export_id) references member_export on delete cascade
);

create table member_claim (
    member_id      uuid not null,
    claim_id       uuid not null,
    programme_id   uuid not null references programme,
    key            text not null,
    kind           text not null check (kind in ('missing', 'amount')),
    purchase_id    uuid,
    store_id       text not null,
    receipt_number text not null,
    day            date not null,
    total          bigint not null check (total > 0),
    note           text not null,
    asked_at       timestamptz not null,
    due_at         timestamptz not null,
    state          text not null default 'open' check (state in ('open', 'accepted', 'refused')),
    reason         text,
    words          text not null default '',
    decided_at     timestamptz,
    decided_by     uuid,
    given          bigint,
    posted_id      uuid,  -- the purchase that came of it
    check ((kind = 'amount') = (purchase_id is not null)),
    check ((state = 'open') = (decided_at is null)),
    primary key (member_id, claim_id),
    unique (member_id, key)
);
create index member_claim_of_programme on member_claim (programme_id, asked_at, claim_id);
create index member_claim_by_id on member_claim (claim_id);
create unique index member_claim_once on member_claim (member_id, store_id, receipt_number, kind) where state = 'open';

create table feedback (
    member_id    uuid not null,
    purchase_id  uuid not null,
    programme_id uuid not null references programme,
    store_id     text not null,
    rating       smallint not null check (rating between 1 and 5),
    comment      text not null default '',
    given_at     timestamptz not null,
    changed_at   timestamptz not null,
    primary key (member_id, purchase_id)
);
create index feedback_newest on feedback (programme_id, given_at desc, purchase_id desc);

-- An amount given by a decision: who, why, and for which purchase.
create table ledger.adjustment (
    member_id     uuid not null,
    adjustment_id uuid not null,
    unit          text not null,
    amount        bigint not null check (amount > 0),
    lot_id        uuid not null,
    purchase_id   uuid,
    staff_id      uuid not null,
    session_id    uuid not null,
    reason        text not null,
    at            timestamptz not null,
    version       bigint not null,
    primary key (member_id, adjustment_id),
    foreign key (member_id, unit) references ledger.wallet
);

grant select, insert on programme_terms, terms_acceptance, consent to kierto_api;
grant select, insert, update, delete on member_export, member_export_part, member_claim, feedback to kierto_api;
