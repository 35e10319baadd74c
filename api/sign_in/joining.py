"""Joining: the terms that are in force, and what somebody says who becomes a member."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from api.privacy import consents
from api.problems import Refusal
from api.sign_in import members
from contract.campaigns import text_in
from contract.errors import ErrorCode
from contract.sign_in import CodeSignIn, Joining, ProgrammeTerms

_PLAIN = {
    "en": (
        "{programme} gives you back part of what you pay. What you earn is yours to spend here until it expires; "
        "it is not money that you can be paid out. A purchase that you return takes back what it earned. "
        "We store your contact, your purchases and what you earned with them, and nothing that you did not allow. "
        "You may see all of it, take it along and leave at any time; what you have not spent by then is lost."
    ),
    "pt-BR": (
        "{programme} devolve a você uma parte do que você paga. O que você ganha é seu para gastar aqui até vencer; "
        "não é dinheiro que possa ser sacado. Uma compra devolvida leva de volta o que rendeu. "
        "Guardamos seu contato, suas compras e o que renderam, e nada que você não tenha permitido. "
        "Você pode ver tudo, levar tudo e sair quando quiser; o que não tiver gasto até lá se perde."
    ),
}
"""Plain terms, for a programme that has written none of its own."""


async def terms(connection: Any, programme_id: UUID, language: str) -> ProgrammeTerms:
    """The terms in force, in a language or the nearest one written."""
    row = await connection.fetchrow(
        """
        select p.name, p.terms_version, t.texts from programme p
          left join programme_terms t on t.programme_id = p.programme_id and t.version = p.terms_version
         where p.programme_id = $1
        """,
        programme_id,
    )
    texts = row["texts"] or {language: text.format(programme=row["name"]) for language, text in _PLAIN.items()}
    shown = next((key for key in (language, language.split("-", maxsplit=1)[0], "en") if key in texts), min(texts))
    return ProgrammeTerms(
        version=row["terms_version"], programme_name=row["name"], language=shown, text=text_in(texts, language)
    )


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
    await connection.execute(
        "insert into terms_acceptance (member_id, version, accepted_at) values ($1, $2, $3) on conflict do nothing",
        member_id,
        said.terms_version,
        now,
    )
    answers = [consents.Answered(each.channel, each.purpose, each.granted) for each in said.choices]
    answers.append(consents.Answered("app", "history", said.use_history))
    await consents.record(connection, member_id, None, answers, consents.Wording(language=language), now)
