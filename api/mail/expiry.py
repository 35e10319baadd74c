"""The notice that cashback or points are about to expire: by mail, and its subject as a text message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from api.core import writing
from api.mail.sender import Mail
from contract.money import Money

_LISTED = 31
"""Lines in one notice; what is over is said in one more."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """An amount of one unit, and the last day on which it can be spent, in the programme's time zone."""

    amount: Money
    on: datetime


@dataclass(frozen=True, slots=True)
class _Texts:
    language: str
    subject: str
    lead: str
    line: str
    more: str
    how: str
    why: str


_TEXTS = {
    "en": _Texts(
        "en",
        "{programme}: use {amount} by {day}",
        "Part of your balance at {programme} is about to expire:",
        "{amount}, to be used by {day}",
        "and more a little later",
        "Show your code at the till, in a store or online: what expires first is spent first.",
        "You said that you want to be told. You can change that in the app, under Me, Your data, What we may send.",
    ),
    "pt": _Texts(
        "pt-BR",
        "{programme}: use {amount} até {day}",
        "Uma parte do seu saldo no {programme} está para vencer:",
        "{amount}, para usar até {day}",
        "e mais um pouco depois",
        "Mostre seu código no caixa, na loja ou na internet: o que vence primeiro é usado primeiro.",
        "Você disse que quer este aviso. Mude isso no aplicativo, em Eu, Seus dados, O que podemos enviar.",
    ),
    "fi": _Texts(
        "fi",
        "{programme}: käytä {amount} viimeistään {day}",
        "Osa saldostasi on vanhenemassa: {programme}.",
        "{amount}, käytettävä viimeistään {day}",
        "ja lisää vähän myöhemmin",
        "Näytä koodisi kassalla tai verkkokaupassa: ensin vanheneva käytetään ensin.",
        "Pyysit tätä ilmoitusta. Voit muuttaa sen sovelluksessa: Minä, Tietosi, Mitä saamme lähettää.",
    ),
    "da": _Texts(
        "da",
        "{programme}: brug {amount} senest {day}",
        "En del af din saldo hos {programme} udløber snart:",
        "{amount}, bruges senest {day}",
        "og mere lidt senere",
        "Vis din kode ved kassen, i butikken eller på nettet: det, der udløber først, bruges først.",
        "Du har bedt om denne besked. Du kan ændre det i appen under Mig, Dine data, Hvad vi må sende.",
    ),
    "id": _Texts(
        "id",
        "{programme}: pakai {amount} paling lambat {day}",
        "Sebagian saldo Anda di {programme} segera kedaluwarsa:",
        "{amount}, pakai paling lambat {day}",
        "dan lainnya sedikit kemudian",
        "Tunjukkan kode Anda di kasir, di toko atau daring: yang lebih dulu kedaluwarsa dipakai lebih dulu.",
        "Anda meminta pemberitahuan ini. Ubah di aplikasi, pada Saya, Data Anda, Izin pengiriman.",
    ),
    "ru": _Texts(
        "ru",
        "{programme}: потратьте {amount} до {day} включительно",
        "Часть вашего баланса скоро сгорит: {programme}.",
        "{amount}, потратить до {day} включительно",
        "и ещё немного позже",
        "Покажите код на кассе, в магазине или в интернете: первым тратится то, что сгорает раньше.",
        "Вы просили об этом уведомлении. Изменить это можно в приложении: «Я», «Ваши данные», «Что присылать».",
    ),
}


def expiry_mail(to: str, expiring: Sequence[Expiring], programme: str, language: str, at: datetime) -> Mail:
    """What expires, nearest first, in plain text and HTML; the subject says the nearest and stands alone.

    `expiring` holds one amount at least. A language that the app does not have gets English.
    """
    texts = _TEXTS[writing.nearest(language).split("-", maxsplit=1)[0]]
    name = " ".join(programme.split())
    said = [
        {"amount": writing.money(each.amount, texts.language), "day": writing.date(each.on, texts.language)}
        for each in expiring
    ]
    lines = [texts.line.format(**each) for each in said[:_LISTED]] + [texts.more] * (len(said) > _LISTED)
    lead = texts.lead.format(programme=name)
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return Mail(
        to=to,
        subject=texts.subject.format(programme=name, **said[0]),
        text="\n\n".join([lead, "\n".join(lines), texts.how, texts.why, name]) + "\n",
        html=f'<!doctype html>\n<html lang="{texts.language}"><body style="font-family:system-ui,sans-serif">\n'
        f"<p>{escape(lead)}</p>\n<ul>{listed}</ul>\n<p>{escape(texts.how)}</p>\n"
        f"<p><small>{escape(texts.why)}</small></p>\n<p>{escape(name)}</p></body></html>\n",
        at=at,
    )
