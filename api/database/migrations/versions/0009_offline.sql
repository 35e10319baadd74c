-- What a till gave without a network, and by whose number: a manager sees all of it, and erasure finds it.

alter table queued_receipt add column spent bigint not null default 0 check (spent >= 0);
alter table queued_receipt add column member_number text;  -- as the code said it, also where no member was found
alter table queued_receipt add column staff_id uuid;       -- who was at the till, as it says; null: who had signed in there

update queued_receipt
   set spent = case jsonb_typeof(said::jsonb -> 'purchase' -> 'redeem')
                   when 'number' then (said::jsonb -> 'purchase' ->> 'redeem')::bigint
                   when 'object' then (said::jsonb -> 'purchase' -> 'redeem' ->> 'amount')::bigint
                   else 0 end,
       member_number = nullif(left(regexp_replace(said::jsonb -> 'purchase' ->> 'code', '[^0-9]', '', 'g'), 10), '');

create index queued_receipt_spent on queued_receipt (programme_id, store_id, received_at desc, place desc) where spent > 0;
create index queued_receipt_of_member on queued_receipt (member_id) where member_id is not null;
create index queued_receipt_of_number on queued_receipt (member_number) where member_number is not null;
