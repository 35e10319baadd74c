,
       array(select row(l.lot_id, l.unit, l.purchase_id, l.campaign_id, l.campaign_version, (v.body -> 'name')::text, l.original,
                        l.remaining, l.released, l.held, l.available_at, l.expires_at)
               from ledger.lot l left join campaign_version v
                    on v.programme_id = p.programme_id and v.campaign_id = l.campaign_id and v.version = l.campaign_version
              where l.member_id = $1 and l.unit in (p.currency, 'PTS') and {lots}
              order by l.expires_at nulls last, l.available_at, l.lot_id) as lots,
       array(select bought from ({purchases}) bought) as purchases,
       {chain_then} as chain_then
