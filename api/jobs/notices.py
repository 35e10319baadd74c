"""Tell who wants it that cashback or points are about to expire (E10), a week or two ahead and at most once a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.core.clock import Clock
from api.database.pool import Database
from api.mail.expiry import Expiring, expiry_mail
from api.mail.sender import Mail, NoMail, Sender
from contract.money import STAMPS, Money

AHEAD = timedelta(days=14)
"""How long before its end a lot is looked at."""
COVERED = timedelta(days=21)
"""How far a notice tells: a member is not told again before something ends that lies beyond it, a week later."""

WHOLE = timedelta(days=1)
"""How often all that is in view is looked through: what lives for less than `AHEAD`, and who said yes meanwhile."""
AGAIN = timedelta(days=7)
"""How long after a notice a member may be told of what came since, though it ends within what that notice told."""
_PATIENCE = 120
"""Seconds that a whole look may take: three for a million wallets."""

_LOOK = "select looked_to, whole_at from expiry_look for update skip locked"
_LOOKED = "update expiry_look set looked_to = greatest(looked_to, $1), whole_at = $2"


def _where_wanted(contact: str, channel: str) -> str:
    """SQL for a contact of `member m`; null where she did not say yes to this, by that channel, last."""
    return f"""case when (
        select c.granted from consent c
         where c.member_id = m.member_id and c.channel = '{channel}' and c.purpose = 'expiry'
         order by c.at desc, c.consent_id desc limit 1) then m.{contact} end"""  # noqa: S608


_BY_MAIL, _BY_TEXT = _where_wanted("email", "email"), _where_wanted("phone", "sms")
_QUEUE = f"""
with due as materialized (  -- first whom, and then once for each what she wants
    select distinct l.member_id
      from ledger.lot l left join expiry_notice n using (member_id)
     where l.released and l.remaining > 0 and not l.held and l.expires_at is not null and l.unit <> '{STAMPS}'
       and l.expires_at > greatest($4::timestamptz, $1::timestamptz) and l.expires_at <= $2
       and (n.told_until is null or l.expires_at > n.told_until
            or (l.available_at > n.queued_at and n.queued_at <= $5)))
insert into expiry_notice (member_id, told_until, queued_at)
select member_id, $3, $1 from due join member m using (member_id)
 where m.closed_at is null and coalesce({_BY_MAIL}, {_BY_TEXT}) is not null
    on conflict (member_id) do update
   set told_until = excluded.told_until, queued_at = excluded.queued_at, sent_at = null
"""  # noqa: S608 - put together from the constants above
_NEXT = """
update expiry_notice set sent_at = $1
 where member_id = (select member_id from expiry_notice where sent_at is null
                     order by queued_at, member_id limit 1 for update skip locked)
returning member_id, told_until
"""
_READER = f"""
select {_BY_MAIL} as email, {_BY_TEXT} as phone, m.language, p.name, p.timezone
  from member m join programme p using (programme_id) where m.member_id = $1 and m.closed_at is null
"""  # noqa: S608
_EXPIRING = f"""
select l.unit, l.expires_at, sum(l.remaining)::bigint as amount
  from ledger.lot l
 where l.member_id = $1 and l.released and l.remaining > 0 and not l.held and l.unit <> '{STAMPS}'
   and l.expires_at > $2 and l.expires_at <= $3
 group by 1, 2 order by 2, 1
"""  # noqa: S608


async def tell_what_expires(database: Database, sender: Sender | None, clock: Clock) -> int:
    """Queue a notice for whom it is time, and send what waits; how many members were told.

    Nothing is done without a `sender`, or where none is configured: who is due is told once there is one. A notice is
    marked as sent before it goes out: a process that is killed in between costs one notice, and never doubles one.
    """
    if sender is None or isinstance(sender, NoMail):
        return 0
    await _queue(database, clock.now())
    told = 0
    while True:
        async with database.connection() as connection:
            notice = await connection.fetchrow(_NEXT, clock.now())
            if notice is None:
                return told
            mails = await _mails(connection, notice["member_id"], clock.now(), notice["told_until"])
        for mail in mails:
            await sender.send(mail)
        told += bool(mails)


async def _queue(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        looked = await connection.fetchrow(_LOOK)
        if looked is None:  # another process looks just now
            return
        looked_to, whole_at = looked
        if now - whole_at >= WHOLE:
            looked_to = whole_at = now
            await connection.execute(f"set local statement_timeout = '{_PATIENCE}s'")
        await connection.execute(_QUEUE, now, now + AHEAD, now + COVERED, looked_to, now - AGAIN, timeout=_PATIENCE)
        await connection.execute(_LOOKED, now + AHEAD, whole_at)


async def _mails(connection: Any, member_id: object, now: datetime, until: datetime) -> list[Mail]:
    """Her notice, by each way that she wants; none where she changed her mind, or has spent it all."""
    reader = await connection.fetchrow(_READER, member_id)
    rows = await connection.fetch(_EXPIRING, member_id, now, until)
    if reader is None or not rows:
        return []
    zone = ZoneInfo(reader["timezone"])
    expiring = [
        Expiring(Money(amount=row["amount"], currency=row["unit"]), row["expires_at"].astimezone(zone)) for row in rows
    ]
    contacts = [contact for contact in (reader["email"], reader["phone"]) if contact is not None]
    return [expiry_mail(contact, expiring, reader["name"], reader["language"], now) for contact in contacts]
