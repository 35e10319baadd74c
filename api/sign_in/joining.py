"""Joining: the terms that are in force, and what somebody says who becomes a member."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from api.privacy import consents
from api.problems import Refusal
from api.sign_in import members
from api.sign_in.plain_terms import PLAIN
from contract.campaigns import text_in
from contract.errors import ErrorCode
from contract.sign_in import CodeSignIn, Joining, ProgrammeTerms


async def terms(connection: Any, programme_id: UUID, language: str, since: int | None = None) -> ProgrammeTerms:
    """The terms in force, in a language or the nearest one written, with what has changed since a version."""
    row = await connection.fetchrow(
        """
        select p.name, p.terms_version, t.texts from programme p
          left join programme_terms t on t.programme_id = p.programme_id and t.version = p.terms_version
         where p.programme_id = $1
        """,
        programme_id,
    )
    texts = row["texts"] or {language: text.format(programme=row["name"]) for language, text in PLAIN.items()}
    shown = next((key for key in (language, language.split("-", maxsplit=1)[0], "en") if key in texts), min(texts))
    return ProgrammeTerms(
        version=row["terms_version"],
        programme_name=row["name"],
        language=shown,
        text=text_in(texts, language),
        changes=await _changes(connection, programme_id, language, since) if since else [],
    )


async def _changes(connection: Any, programme_id: UUID, language: str, since: int) -> list[str]:
    rows = await connection.fetch(
        """
        select t.changes from programme_terms t join programme p using (programme_id)
         where t.programme_id = $1 and t.version > $2 and t.version <= p.terms_version and t.changes <> '{}'
         order by t.version
        """,
        programme_id,
        since,
    )
    return [text_in(row["changes"], language) for row in rows]


async def join(connection: Any, programme_id: UUID, contact: str, request: CodeSignIn, now: datetime) -> UUID:
    """Make a member of who proved to own a contact and accepts the terms. Refuses who has not, and uses no code up."""
    version: int = await connection.fetchval(
        "select terms_version from programme where programme_id = $1", programme_id
    )
    said = request.joining
    if said is None or said.terms_version != version:
        raise Refusal(
            409,
            ErrorCode.TERMS_REQUIRED,
            "You are new here: read the terms, and send the same code again with `joining`.",
            params={"terms_version": version},
        )
    member_id = await members.join(
        connection, programme_id, contact, now, language=request.language, name=said.name.strip() or None
    )
    await accept(connection, member_id, said, request.language, now)
    return member_id


async def accept(connection: Any, member_id: UUID, said: Joining, language: str, now: datetime) -> None:
    """Keep which terms were accepted, and each yes and no."""
    await accept_terms(connection, member_id, said.terms_version, now)
    answers = [consents.Answered(each.channel, each.purpose, each.granted) for each in said.choices]
    answers.append(consents.Answered("app", "history", said.use_history))
    await consents.record(connection, member_id, None, answers, consents.Wording(language=language), now)


async def accept_terms(connection: Any, member_id: UUID, version: int, now: datetime) -> None:
    """Keep that a version was accepted, and when first."""
    await connection.execute(
        """
        with said as (
            insert into terms_acceptance (member_id, version, accepted_at) values ($1, $2, $3) on conflict do nothing)
        update member set terms_version = greatest(terms_version, $2) where member_id = $1
        """,
        member_id,
        version,
        now,
    )
