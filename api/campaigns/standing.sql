-- What the rules may know of member $1 of programme $2 at moment $3. The rest says what the live campaigns ask for:
-- $4 how many purchases, $5 what these campaigns gave, $6 favourite categories but $7.
select m.member_number, m.name, m.language, m.birthday, m.segments, m.tier, m.use_history,
       m.offers_version as member_offers_version, p.offers_version, p.epoch, p.currency,
       coalesce(w.pending, 0) as pending, coalesce(w.available, 0) as available, coalesce(w.debt, 0) as debt,
       coalesce(w.version, 0) as version,
       array(select row(a.campaign_id, a.activated_at) from offer_activation a
              where a.member_id = m.member_id and a.activated_at <= $3
                and (a.deactivated_at is null or a.deactivated_at > $3)) as activations,
       case when $4 then (
           select count(*) from ledger.purchase b
            where b.member_id = m.member_id and b.at <= $3
              and (b.refunds = 0 or b.total > (select coalesce(sum(f.amount), 0) from ledger.refund f
                                                where f.member_id = b.member_id and f.purchase_id = b.purchase_id))
       ) else 0 end as purchase_count,
       case when cardinality($5::text[]) > 0 then array(
           select row(g.campaign_id, (sum(g.original) - coalesce((
                  -- of what came back, what the campaign had given for it: by shares, as contract.refunds works it out
                  select sum((why.value #>> '{value,amount}')::bigint * came.quantity
                             / (b.basket #>> array['lines', came.line::text, 'quantity'])::bigint)
                    from (select f.purchase_id, (e.value ->> 'line')::integer as line,
                                 sum((e.value ->> 'quantity')::bigint) as quantity
                            from ledger.refund f cross join lateral jsonb_array_elements(f.lines) e
                           where f.member_id = m.member_id group by 1, 2) came
                    join ledger.purchase b on b.member_id = m.member_id and b.purchase_id = came.purchase_id
                    cross join lateral jsonb_array_elements(b.quote #> array['lines', came.line::text, 'why']) why
                   where why.value ->> 'campaign_id' = g.campaign_id
                     and why.value #>> '{value,currency}' = p.currency), 0))::bigint)
             from ledger.lot g
            where g.member_id = m.member_id and g.unit = p.currency and g.campaign_id = any($5)
            group by g.campaign_id) end as earned,
       case when $6 and m.use_history then array(
           select e.value ->> 'category'
             from (select n.purchase_id, n.basket from ledger.purchase n
                    where n.member_id = m.member_id and n.at > $3 - interval '90 days' and n.at <= $3
                    order by n.at desc, n.purchase_id desc limit 100) b
             cross join lateral jsonb_array_elements(b.basket -> 'lines') e
            where coalesce(e.value ->> 'category', '') <> ''
              and not exists (select from unnest($7::text[]) never
                               where e.value ->> 'category' = never
                                  or starts_with(e.value ->> 'category', never || '/'))
            group by 1 order by count(distinct b.purchase_id) desc, count(*) desc, 1 limit 3) end as favourites
  from member m join programme p using (programme_id)
  left join ledger.wallet w on w.member_id = m.member_id and w.unit = p.currency
 where m.member_id = $1 and m.programme_id = $2 and m.closed_at is null
