-- Member $1 of programme $2, with the wallet: all that a device needs where nothing else is new.
select m.member_id, m.member_number, m.name, m.email, m.phone, m.language, m.language_chosen, m.birthday,
       m.erase_at as leaving_at, m.joined_at,
       m.offers_version as member_offers, p.programme_id, p.slug, p.name as programme_name, p.currency, p.timezone,
       p.offers_version as programme_offers, p.epoch, (p.rules ->> 'spend_limit')::bigint as spend_limit,
       coalesce(w.pending, 0) as pending, coalesce(w.available, 0) as available, coalesce(w.debt, 0) as debt,
       coalesce(w.version, 0) as version{more}
  from member m join programme p using (programme_id)
  left join ledger.wallet w on w.member_id = m.member_id and w.unit = p.currency
 where m.member_id = $1 and m.programme_id = $2 and m.closed_at is null
