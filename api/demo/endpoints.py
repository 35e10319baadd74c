"""Demo mode's routes: be someone in one tap, and read the mails that were "sent"."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.core.platform import InDatabase, InMail, InTokens, Now, SigningKey
from api.demo import personas
from api.demo.inbox import inbox_page
from api.mail.sender import DemoInbox
from api.problems import not_found, responses, unavailable
from api.sign_in import sessions
from api.sign_in.answers import session_answer
from contract.sign_in import DemoPersona, DemoPersonas, DemoSignIn, Session

router = APIRouter(prefix="/demo", tags=["demo"])
pages = APIRouter(prefix="/demo", include_in_schema=False)


@router.get("/personas")
async def list_personas() -> DemoPersonas:
    """Who a newcomer may be."""
    return DemoPersonas(
        items=[
            DemoPersona(persona=each.persona, name=each.name, kind=each.kind, hint=each.hint)
            for each in personas.PERSONAS
        ]
    )


@router.post("/sign-in", responses=responses(404))
async def sign_in(request: DemoSignIn, database: InDatabase, tokens: InTokens, key: SigningKey, now: Now) -> Session:
    """Sign in as one of them, without a code or a PIN."""
    persona = personas.find(request.persona)
    if persona is None:
        raise not_found("There is no such persona.")
    async with database.transaction() as connection:
        row = await _find(connection, persona)
        if row is None:
            raise unavailable("The demo's people are not there yet. Try again in a moment.")
        if persona.kind == "member":
            opened = await sessions.open_member(
                connection, tokens, row["programme_id"], row["member_id"], request.device_name, now
            )
        else:
            opened = await sessions.open_staff(
                connection,
                tokens,
                row["programme_id"],
                row["staff_id"],
                row["store_id"],
                row["role"],
                request.device_name,
                now,
            )
        return await session_answer(connection, opened, tokens, key, now)


@pages.get("/inbox", response_class=HTMLResponse)
async def inbox(mail: InMail) -> HTMLResponse:
    """The mails that demo mode keeps instead of sending them."""
    if not isinstance(mail, DemoInbox):
        raise not_found("Mail goes out over SMTP here, so there is no demo inbox.")
    return HTMLResponse(inbox_page(mail.mails))


async def _find(connection: Any, persona: personas.Persona) -> Any:
    if persona.kind == "member":
        return await connection.fetchrow(
            """
            select c.programme_id, c.member_id from member_contact c join programme p using (programme_id)
             where p.slug = $1 and c.contact = $2
            """,
            personas.PROGRAMME,
            persona.contact,
        )
    return await connection.fetchrow(
        """
        select st.programme_id, st.staff_id, st.store_id, st.role from staff st join programme p using (programme_id)
         where p.slug = $1 and st.store_id = $2 and st.staff_number = $3
        """,
        personas.PROGRAMME,
        persona.store_id,
        persona.staff_number,
    )
