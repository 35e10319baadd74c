"""The mail to somebody who has joined at a till: what it is, and where the terms are."""

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
        "Entre no aplicativo com este e-mail: lá você lê e aceita as condições, vê o que ganhou e pode usar. Até lá, "
        "você só acumula.",
        "Se não foi você, não faça nada: ninguém entra sem acesso a esta caixa de e-mail.",
    ),
    "fi": _Texts(
        "fi",
        "Tervetuloa: {programme}",
        "Hei {name}! Liityit kassalla jäseneksi: {programme}.",
        "Kirjaudu sovellukseen tällä sähköpostiosoitteella. Siellä luet ja hyväksyt ehdot, näet kertyneen hyvityksesi "
        "ja voit käyttää sitä. Siihen asti hyvitystä vain kertyy.",
        "Jos et liittynyt, sinun ei tarvitse tehdä mitään: kukaan ei voi kirjautua ilman tätä postilaatikkoa.",
    ),
    "da": _Texts(
        "da",
        "Velkommen til {programme}",
        "Hej {name}! Du er blevet medlem af {programme} ved kassen.",
        "Log ind i appen med denne e-mailadresse. Der læser og accepterer du vilkårene, ser, hvad du har optjent, og "
        "kan bruge det. Indtil da optjener du kun.",
        "Hvis det ikke var dig, skal du ikke gøre noget: ingen kan logge ind uden adgang til denne postkasse.",
    ),
    "id": _Texts(
        "id",
        "Selamat datang di {programme}",
        "Halo {name}, Anda telah bergabung dengan cashback {programme} di kasir.",
        "Masuk ke aplikasi dengan alamat email ini. Di sana Anda membaca dan menyetujui ketentuan, melihat cashback "
        "Anda, dan bisa memakainya. Sebelum itu cashback hanya bertambah.",
        "Jika Anda tidak bergabung, abaikan saja: tidak ada yang bisa masuk tanpa kotak surat ini.",
    ),
    "ru": _Texts(
        "ru",
        "Добро пожаловать: {programme}",
        "Здравствуйте, {name}! На кассе вас записали в программу кешбэка {programme}.",
        "Войдите в приложение с этим адресом почты. Там вы прочитаете и примете условия, увидите свой кешбэк и сможете "
        "его тратить. До этого он только копится.",
        "Если это были не вы, ничего не делайте: без доступа к этой почте никто не войдёт.",
    ),
}


def welcome_mail(to: str, name: str, programme: str, language: str, at: datetime) -> Mail:
    """Plain text and HTML. A language that the app does not have gets English."""
    texts = _TEXTS[nearest(language).split("-", maxsplit=1)[0]]
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
