"""The mail that answers a claim, to a member who allows answers by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from html import escape

from api.core import writing
from api.mail.sender import Mail
from contract.claims import Claim, RefusalReason


@dataclass(frozen=True, slots=True)
class _Texts:
    language: str
    subject: str
    accepted: str
    lead: str
    given: str
    nothing: str
    where: str
    reasons: dict[str, str]


_REASONS: tuple[RefusalReason, ...] = (
    "not_found",
    "already_credited",
    "not_eligible",
    "other_member",
    "returned",
    "too_little_known",
    "other",
)


def _reasons(*said: str) -> dict[str, str]:
    return dict(zip(_REASONS, said, strict=True))


_TEXTS = {
    "en": _Texts(
        "en",
        "{programme} has answered your claim",
        "{programme} has accepted your claim",
        "You asked about receipt {number} of {day}, from {store}.",
        "It brings you {amount}.",
        "It was accepted. By the rules of that day it earned nothing.",
        "You see all of it in the app, under Me, Your claims.",
        _reasons(
            "No receipt with this number was found in the store.",
            "You have this cashback already.",
            "What you bought earns no cashback, by the rules of that day.",
            "This receipt belongs to another account.",
            "The goods were returned.",
            "There was too little to go by. Ask again, and tell us more.",
            "Your claim could not be accepted.",
        ),
    ),
    "pt": _Texts(
        "pt-BR",
        "{programme} respondeu ao seu pedido",
        "{programme} aceitou o seu pedido",
        "Você perguntou sobre o cupom {number} de {day}, de {store}.",
        "Ele rende {amount} para você.",
        "O pedido foi aceito. Pelas regras daquele dia, a compra não rendeu nada.",
        "Veja tudo no aplicativo, em Eu, Seus pedidos.",
        _reasons(
            "Nenhum cupom com este número foi encontrado na loja.",
            "Você já tem este cashback.",
            "O que você comprou não rende cashback, pelas regras daquele dia.",
            "Este cupom é de outra conta.",
            "Os produtos foram devolvidos.",
            "Havia poucas informações. Faça outro pedido e conte mais.",
            "Seu pedido não pôde ser aceito.",
        ),
    ),
    "fi": _Texts(
        "fi",
        "Vastaus pyyntöösi: {programme}",
        "Pyyntösi hyväksyttiin: {programme}",
        "Kysyit kuitista {number} ({day}, {store}).",
        "Saat siitä {amount}.",
        "Pyyntö hyväksyttiin. Sen päivän säännöillä ostoksesta ei kertynyt hyvitystä.",
        "Näet kaiken sovelluksesta kohdasta Minä, Pyyntösi.",
        _reasons(
            "Myymälästä ei löytynyt kuittia tällä numerolla.",
            "Olet jo saanut tämän hyvityksen.",
            "Ostamistasi tuotteista ei kertynyt hyvitystä sen päivän säännöillä.",
            "Kuitti kuuluu toiselle tilille.",
            "Tuotteet on palautettu.",
            "Tietoja oli liian vähän. Tee uusi pyyntö ja kerro enemmän.",
            "Pyyntöäsi ei voitu hyväksyä.",
        ),
    ),
    "da": _Texts(
        "da",
        "{programme} har svaret på din anmodning",
        "{programme} har godkendt din anmodning",
        "Du spurgte til kvittering {number} af {day} fra {store}.",
        "Den giver dig {amount}.",
        "Den blev godkendt. Efter den dags regler gav købet ingen cashback.",
        "Du ser det hele i appen under Mig, Dine anmodninger.",
        _reasons(
            "Der blev ikke fundet en kvittering med dette nummer i butikken.",
            "Du har allerede fået denne cashback.",
            "Det, du købte, gav ingen cashback efter den dags regler.",
            "Kvitteringen hører til en anden konto.",
            "Varerne er returneret.",
            "Der var for lidt at gå efter. Spørg igen, og fortæl mere.",
            "Din anmodning kunne ikke godkendes.",
        ),
    ),
    "id": _Texts(
        "id",
        "{programme} telah menjawab klaim Anda",
        "{programme} menyetujui klaim Anda",
        "Anda menanyakan struk {number} tanggal {day} dari {store}.",
        "Anda mendapat {amount}.",
        "Klaim disetujui. Menurut aturan hari itu, pembelian ini tidak memberi cashback.",
        "Lihat semuanya di aplikasi, pada Saya, Klaim Anda.",
        _reasons(
            "Tidak ditemukan struk dengan nomor ini di toko.",
            "Anda sudah mendapat cashback ini.",
            "Menurut aturan hari itu, yang Anda beli tidak memberi cashback.",
            "Struk ini milik akun lain.",
            "Barangnya sudah dikembalikan.",
            "Keterangannya kurang. Ajukan lagi, dan beri tahu lebih banyak.",
            "Klaim Anda tidak bisa diterima.",
        ),
    ),
    "ru": _Texts(
        "ru",
        "Ответ на вашу заявку: {programme}",
        "Ваша заявка принята: {programme}",
        "Вы спрашивали о чеке {number} от {day} ({store}).",
        "Вам начислено {amount}.",
        "Заявка принята. По правилам того дня за эту покупку кешбэка нет.",
        "Подробности в приложении: «Я», «Ваши заявки».",
        _reasons(
            "Чек с таким номером в магазине не найден.",
            "Этот кешбэк у вас уже есть.",
            "По правилам того дня за эти товары кешбэка нет.",
            "Этот чек записан на другой аккаунт.",
            "Товары возвращены.",
            "Данных не хватило. Подайте заявку снова и расскажите подробнее.",
            "Заявку не удалось принять.",
        ),
    ),
}


def claim_mail(to: str, claim: Claim, programme: str, language: str, at: datetime) -> Mail:
    """What came of a claim, in plain text and HTML. A language that the app does not have gets English."""
    texts = _TEXTS[writing.nearest(language).split("-", maxsplit=1)[0]]
    name = " ".join(programme.split())
    day = writing.date(datetime.combine(claim.day, time(12), UTC), texts.language)
    subject = texts.accepted if claim.state == "accepted" else texts.subject
    parts = [
        texts.lead.format(number=claim.receipt_number, day=day, store=claim.store_name),
        _outcome(texts, claim),
        f"“{claim.words}”" if claim.words else "",
        texts.where,
    ]
    said = [part for part in parts if part]
    paragraphs = "".join(f"<p>{escape(part)}</p>\n" for part in [*said, name])
    return Mail(
        to=to,
        subject=subject.format(programme=name),
        text="\n\n".join([*said, name]) + "\n",
        html=f'<!doctype html>\n<html lang="{texts.language}"><body style="font-family:system-ui,sans-serif">\n'
        f"{paragraphs}</body></html>\n",
        at=at,
    )


def _outcome(texts: _Texts, claim: Claim) -> str:
    if claim.state == "refused":
        return texts.reasons[claim.reason or "other"]
    if claim.given is None or not claim.given.amount:
        return texts.nothing
    return texts.given.format(amount=writing.money(claim.given, texts.language))
