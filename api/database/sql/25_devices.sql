-- From when on a device may spend, where its member signed in on it lately: her first device may at once, as there is nothing to
-- steal before it. Null: it may.
create function ledger.spending_opens(p_programme uuid, p_member uuid, p_device uuid) returns timestamptz language sql stable as $$
    select d.created_at + make_interval(hours => s.hours)
      from (select (x.body ->> 'new_device_hours')::integer as hours from public.programme_settings x
             where x.programme_id = p_programme order by x.version desc limit 1) s
      join public.session d on d.session_id = p_device
     where s.hours > 0 and exists (select from public.session o where o.member_id = p_member and o.created_at < d.created_at)
$$;
