-- What the rules may know of a member of a programme at a moment, and what the live campaigns ask for: how many purchases,
-- what those with a cap have given, favourite categories. What none asks for is written as false or as an empty list: the
-- planner then leaves it out, where a parameter would have every execution prepare it. A purchase that a check rejected is as if
-- it had never been: it counts for no cap, is no purchase of hers, and says nothing of what she likes.
select m.member_number, m.name, m.language, m.birthday, m.segments, m.tier, m.use_history,
       m.offers_version as member_offers_version, p.offers_version, p.epoch, p.currency,
       coalesce(w.pending, 0) as pending, coalesce(w.available, 0) as available, coalesce(w.debt, 0) as debt,
       coalesce(w.version, 0) as version, coalesce(pts.available, 0) as points,
       array(select row(a.campaign_id, a.activated_at) from offer_activation a
              where a.member_id = m.member_id and a.activated_at <= {at}
                and (a.deactivated_at is null or a.deactivated_at > {at})) as activations,
       case when {purchase_count} then (
           select count(*) from ledger.purchase b
            where b.member_id = m.member_id and b.at <= {at}
              and not exists (select from ledger.held h where h.member_id = b.member_id and h.purchase_id = b.purchase_id and h.state = 'rejected')
              and (b.refunds = 0 or b.total > (select coalesce(sum(f.amount), 0) from ledger.refund f
                                                where f.member_id = b.member_id and f.purchase_id = b.purchase_id))
       ) else 0 end as purchase_count,
       case when cardinality({capped}::text[]) > 0 then array(
           select row(g.campaign_id, (sum(g.original)
                  - coalesce(sum(g.original - g.remaining - coalesce(g.expired, 0) + coalesce(g.forgiven, 0)) filter (where g.unit = 'STM'), 0)
                  - coalesce((
                  -- of what came back, what the campaign had given for it: by shares, as contract.refunds works it out
                  select sum((why.value #>> '{{value,amount}}')::bigint * came.quantity
                             / (b.basket #>> array['lines', came.line::text, 'quantity'])::bigint)
                    from (select f.purchase_id, (e.value ->> 'line')::integer as line,
                                 sum((e.value ->> 'quantity')::bigint) as quantity
                            from ledger.refund f cross join lateral jsonb_array_elements(f.lines) e
                           where f.member_id = m.member_id
                             and not exists (select from ledger.held h where h.member_id = f.member_id and h.purchase_id = f.purchase_id and h.state = 'rejected')
                           group by 1, 2) came
                    join ledger.purchase b on b.member_id = m.member_id and b.purchase_id = came.purchase_id
                    cross join lateral jsonb_array_elements(b.quote #> array['lines', came.line::text, 'why']) why
                   where why.value ->> 'campaign_id' = g.campaign_id), 0))::bigint)
             from ledger.lot g
            where g.member_id = m.member_id and g.campaign_id = any({capped})
              and not exists (select from ledger.held h where h.member_id = g.member_id and h.purchase_id = g.purchase_id and h.state = 'rejected')
            group by g.campaign_id) end as earned,
       case when {favourites} and m.use_history then array(
           select e.value ->> 'category'
             from (select n.purchase_id, n.basket from ledger.purchase n
                    where n.member_id = m.member_id and n.at > {at} - interval '90 days' and n.at <= {at}
                      and not exists (select from ledger.held h where h.member_id = n.member_id and h.purchase_id = n.purchase_id and h.state = 'rejected')
                    order by n.at desc, n.purchase_id desc limit 100) b
             cross join lateral jsonb_array_elements(b.basket -> 'lines') e
            where coalesce(e.value ->> 'category', '') <> ''
              and not exists (select from unnest({never_earning}::text[]) never
                               where e.value ->> 'category' = never
                                  or starts_with(e.value ->> 'category', never || '/'))
            group by 1 order by count(distinct b.purchase_id) desc, count(*) desc, 1 limit 3) end as favourites,
       m.spend_limit
  from member m join programme p using (programme_id)
  left join ledger.wallet w on w.member_id = m.member_id and w.unit = p.currency
  left join ledger.wallet pts on pts.member_id = m.member_id and pts.unit = 'PTS'
 where m.member_id = {member} and m.programme_id = {programme} and m.closed_at is null
