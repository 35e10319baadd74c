-- Member $1 of programme $2, with the wallet: all that a device needs where nothing else is new.
select m.member_id, m.member_number, m.name, m.email, m.phone, m.language, m.language_chosen, m.birthday, m.terms_version as terms_accepted, p.terms_version,
       m.erase_at as leaving_at, m.joined_at,
       m.offers_version as member_offers, p.programme_id, p.slug, p.name as programme_name, p.currency, p.timezone,
       p.offers_version as programme_offers, p.epoch, (p.rules ->> 'spend_limit')::bigint as spend_limit,
       (p.rules ->> 'confirm_above')::bigint as confirm_above, m.spend_limit as own_limit,
       array(select row(c.confirmation_id, c.store_id, s.name, c.redeem, c.redeem_points, c.amount, c.asked_at, c.answer_by)
               from confirmation c join store s using (programme_id, store_id)
              where c.member_id = m.member_id and c.state = 'waiting' order by c.asked_at desc, c.confirmation_id desc) as asked,
       coalesce(w.pending, 0) as pending, coalesce(w.available, 0) as available, coalesce(w.debt, 0) as debt,
       coalesce(w.version, 0) as version, pts.pending as points_pending, pts.available as points_available,
       pts.debt as points_debt, {chain} as chain, t.tier, t.since as tier_since, t.holds_until as tier_until,
       t.counted as tier_counted, t.told_on as tier_told_on, t.leaves_on as tier_leaves_on, t.missing as tier_missing{more}
  from member m join programme p using (programme_id)
  left join ledger.wallet w on w.member_id = m.member_id and w.unit = p.currency
  left join ledger.wallet pts on pts.member_id = m.member_id and pts.unit = 'PTS'
  left join member_tier t on t.member_id = m.member_id
 where m.member_id = $1 and m.programme_id = $2 and m.closed_at is null
