"""The mail to somebody who has joined at a till: what it is, and where the terms are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from api.mail.sender import Mail


@dataclass(frozen=True, slots=True)
class _Texts:
    language: str
    subject: str
    lead: str
    how: str
    not_you: str


_ENGLISH = _Texts(
    "en",
    "Welcome to {programme}",
    "Hello {name}, you have joined the cashback of {programme} at the till.",
    "Sign in to the app with this e-mail address: you read and accept the terms there, see what you earned, and can "
    "spend it. Until then you only earn.",
    "If you did not join, do nothing: nobody can sign in without this mailbox.",
)
_TEXTS = {
    "en": _ENGLISH,
    "pt": _Texts(
        "pt-BR",
        "Boas-vindas ao {programme}",
        "Olá, {name}! Você entrou no cashback do {programme} no caixa.",
        "Entre no aplicativo com este e-mail: lá você lê e aceita os termos, vê o que ganhou e pode usar. Até lá, você "
        "só acumula.",
        "Se não foi você, não faça nada: ninguém entra sem acesso a esta caixa de e-mail.",
    ),
}


def welcome_mail(to: str, name: str, programme: str, language: str, at: datetime) -> Mail:
    """Plain text and HTML. A language that is not written yet gets English."""
    texts = _TEXTS.get(language.replace("_", "-").split("-")[0].lower(), _ENGLISH)
    named = {"programme": " ".join(programme.split()), "name": " ".join(name.split())}
    parts = [texts.lead.format(**named), texts.how, texts.not_you]
    paragraphs = "".join(f"<p>{escape(part)}</p>\n" for part in parts)
    return Mail(
        to=to,
        subject=texts.subject.format(**named),
        text="\n\n".join(parts) + "\n",
        html=f'<!doctype html>\n<html lang="{texts.language}"><body style="font-family:system-ui,sans-serif">\n'
        f"{paragraphs}</body></html>\n",
        at=at,
    )
