-- Offers that a member wants to see less of.
create table offer_hidden (
    member_id   uuid not null references member,
    campaign_id text not null,
    hidden_at   timestamptz not null,
    primary key (member_id, campaign_id)
);
grant select, insert, update, delete on offer_hidden to kierto_api;
