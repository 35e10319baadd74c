"""The mail with a one-time code, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from api.core.writing import nearest
from api.mail.sender import Mail


@dataclass(frozen=True, slots=True)
class _Texts:
    language: str
    subject: str
    lead: str
    limits: str
    not_you: str


_ENGLISH = _Texts(
    "en",
    "{code} is your code for {programme}",
    "Your code for {programme}:",
    "It works for 10 minutes, once.",
    "If you did not ask for it, do nothing. Nobody from {programme} will ask you for it.",
)
_TEXTS = {
    "en": _ENGLISH,
    "pt": _Texts(
        "pt-BR",
        "{code} é o seu código do {programme}",
        "Seu código do {programme}:",
        "Ele vale por 10 minutos, uma única vez.",
        "Se você não pediu este código, não faça nada. Ninguém do {programme} vai pedi-lo a você.",
    ),
    "fi": _Texts(
        "fi",
        "{code} on koodisi: {programme}",
        "Kirjautumiskoodisi, {programme}:",
        "Se toimii 10 minuuttia ja vain kerran.",
        "Jos et pyytänyt koodia, sinun ei tarvitse tehdä mitään. Kukaan meiltä ei koskaan kysy sitä sinulta.",
    ),
    "da": _Texts(
        "da",
        "{code} er din kode til {programme}",
        "Din kode til {programme}:",
        "Den virker i 10 minutter, én gang.",
        "Hvis du ikke har bedt om den, skal du ikke gøre noget. Ingen fra {programme} vil bede dig om den.",
    ),
    "id": _Texts(
        "id",
        "{code} adalah kode Anda untuk {programme}",
        "Kode Anda untuk {programme}:",
        "Berlaku 10 menit, satu kali saja.",
        "Jika Anda tidak memintanya, abaikan saja. Tidak ada pihak {programme} yang akan memintanya dari Anda.",
    ),
    "ru": _Texts(
        "ru",
        "{code} — ваш код для {programme}",
        "Ваш код для {programme}:",
        "Он действует 10 минут и только один раз.",
        "Если вы его не запрашивали, ничего не делайте. Никто из {programme} не попросит его у вас.",
    ),
}
_HTML = """<!doctype html>
<html lang="{language}"><body
 style="font-family:system-ui,sans-serif;color:#1c1b1f;max-width:32rem;margin:2rem auto;padding:0 1rem">
<p>{lead}</p>
<p style="font-size:2rem;font-weight:600;letter-spacing:.3rem">{code}</p>
<p>{limits}</p>
<p style="color:#5f5e66">{not_you}</p>
</body></html>
"""


def one_time_code_mail(to: str, code: str, programme: str, language: str, at: datetime) -> Mail:
    """Plain text and HTML. A language that the app does not have gets English."""
    texts = _TEXTS[nearest(language).split("-", maxsplit=1)[0]]
    lead, limits, not_you = (text.format(programme=programme) for text in (texts.lead, texts.limits, texts.not_you))
    return Mail(
        to=to,
        subject=texts.subject.format(code=code, programme=" ".join(programme.split())),
        text=f"{lead}\n\n    {code}\n\n{limits}\n{not_you}\n",
        html=_HTML.format(
            language=texts.language, lead=escape(lead), code=code, limits=escape(limits), not_you=escape(not_you)
        ),
        at=at,
    )
