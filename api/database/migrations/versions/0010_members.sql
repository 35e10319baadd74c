-- Terms that are asked for anew when they change, and every span in which an offer was activated.

alter table programme_terms
    add column changes jsonb not null default '{}';  -- what is new against the version before, by language

alter table member
    add column terms_version integer not null default 0;  -- the newest that was accepted; 0: none yet
update member m set terms_version = a.version
  from (select member_id, max(version) as version from terms_acceptance group by member_id) a
 where a.member_id = m.member_id;

-- A receipt that comes late is judged by what was activated at its own time: a new span leaves those before it alone.
alter table offer_activation
    drop constraint offer_activation_pkey,
    add primary key (member_id, campaign_id, activated_at);
create unique index offer_activation_current on offer_activation (member_id, campaign_id) where deactivated_at is null;
