"""A receipt on a page: to print at the till, or to send to the member who asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from api.core import writing
from api.mail.sender import Mail
from contract.money import Money
from contract.wallet import Purchase


@dataclass(frozen=True, slots=True)
class _Texts:
    language: str
    receipt: str
    total: str
    spent: str
    points_spent: str
    to_pay: str
    earned: str
    points_earned: str
    available_on: str
    thanks: str
    asked: str


_ENGLISH = _Texts(
    "en",
    "Receipt",
    "Total",
    "Paid with cashback",
    "Paid with points",
    "To pay",
    "Cashback earned",
    "Points earned",
    "Yours to spend from {day}",
    "Thank you, {name}.",
    "You asked for this receipt at the till of {store}.",
)
_TEXTS = {
    "en": _ENGLISH,
    "pt": _Texts(
        "pt-BR",
        "Cupom",
        "Total",
        "Pago com cashback",
        "Pago com pontos",
        "A pagar",
        "Cashback ganho",
        "Pontos ganhos",
        "Disponível a partir de {day}",
        "Agradecemos, {name}.",
        "Você pediu este cupom no caixa: {store}.",
    ),
    "fi": _Texts(
        "fi",
        "Kuitti",
        "Yhteensä",
        "Maksettu hyvityksellä",
        "Maksettu pisteillä",
        "Maksettava",
        "Kertynyt hyvitys",
        "Kertyneet pisteet",
        "Käytettävissäsi {day}",
        "Kiitos, {name}.",
        "Pyysit tämän kuitin kassalla: {store}.",
    ),
    "da": _Texts(
        "da",
        "Kvittering",
        "I alt",
        "Betalt med cashback",
        "Betalt med point",
        "At betale",
        "Optjent cashback",
        "Optjente point",
        "Kan bruges fra den {day}",
        "Tak, {name}.",
        "Du bad om denne kvittering ved kassen i {store}.",
    ),
    "id": _Texts(
        "id",
        "Struk",
        "Total",
        "Dibayar dengan cashback",
        "Dibayar dengan poin",
        "Yang dibayar",
        "Cashback diperoleh",
        "Poin diperoleh",
        "Bisa dipakai mulai {day}",
        "Terima kasih, {name}.",
        "Anda meminta struk ini di kasir {store}.",
    ),
    "ru": _Texts(
        "ru",
        "Чек",
        "Итого",
        "Оплачено кешбэком",
        "Оплачено баллами",
        "К оплате",
        "Начислено кешбэка",
        "Начислено баллов",
        "Можно тратить с {day}",
        "Спасибо, {name}.",
        "Вы попросили этот чек на кассе: {store}.",
    ),
}
PRINT_SCRIPT = "window.print()"
"""All that the page does by itself; its hash stands in the page's Content-Security-Policy."""
_STYLE = """
body{font:14px/1.45 system-ui,sans-serif;color:#1c1b1f;background:#fff;max-width:22rem;margin:1.5rem auto;
padding:0 1rem}
h1{font-size:1.15rem;margin:0}p{margin:.25rem 0}table{width:100%;border-collapse:collapse;margin:1rem 0}
td{padding:.2rem 0;vertical-align:top}td+td{text-align:right;white-space:nowrap;padding-left:1rem}
.sum td{border-top:1px solid #999}.big td{font-weight:600;font-size:1.05rem}small{color:#5f5e66}
@media print{body{margin:0 auto}}
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a receipt, and how its reader writes money and time."""

    purchase: Purchase
    member_name: str
    programme: str
    timezone: str
    language: str

    @property
    def texts(self) -> _Texts:
        """The words in the reader's language; English where the app does not have it."""
        return _TEXTS[writing.nearest(self.language).split("-", maxsplit=1)[0]]

    def money(self, amount: Money) -> str:
        """An amount as its reader writes it."""
        return writing.money(amount, self.texts.language)

    def moment(self, at: datetime) -> str:
        """A moment in the programme's time zone."""
        return writing.moment(at.astimezone(ZoneInfo(self.timezone)), self.texts.language)

    def rows(self) -> list[tuple[str, str]]:
        """The lines bought: what, and what it cost."""
        return [
            (f"{line.quantity} × {line.name}" if line.quantity > 1 else line.name, self.money(line.amount))
            for line in self.purchase.lines
        ]

    def sums(self) -> list[tuple[str, str]]:
        """The figures below the lines."""
        bought, texts = self.purchase, self.texts
        found = [(texts.total, self.money(bought.total))]
        pay = bought.total
        if bought.redeemed:
            found.append((texts.spent, "-" + self.money(bought.redeemed)))
            pay -= bought.redeemed
        if bought.points_redeemed is not None and bought.points_worth is not None:
            name = f"{texts.points_spent} ({self.money(bought.points_redeemed)})"
            found.append((name, "-" + self.money(bought.points_worth)))
            pay -= bought.points_worth
        if pay != bought.total:
            found.append((texts.to_pay, self.money(pay)))
        if bought.earned or not bought.points:
            found.append((texts.earned, self.money(bought.earned)))
        if bought.points:
            found.append((texts.points_earned, self.money(bought.points)))
        return found

    def when(self) -> str:
        """From when on what was earned may be spent; nothing where nothing was."""
        at = self.purchase.available_at
        if at is None or not (self.purchase.earned or self.purchase.points):
            return ""
        day = writing.date(at.astimezone(ZoneInfo(self.timezone)), self.texts.language)
        return self.texts.available_on.format(day=day)


def receipt_page(paper: Paper, *, printing: bool) -> str:
    """The receipt as a page of its own; with `printing` it opens the printer's window by itself."""
    head = (
        f"<h1>{escape(paper.programme)}</h1><p>{escape(paper.purchase.store.name)}</p>"
        f"<p>{escape(paper.texts.receipt)} {escape(paper.purchase.receipt_number)}<br>"
        f"<small>{escape(paper.moment(paper.purchase.at))}</small></p>"
    )
    lines = "".join(_row(name, amount) for name, amount in paper.rows())
    sums = paper.sums()
    below = "".join(_row(name, amount, "sum" if n == 0 else "") for n, (name, amount) in enumerate(sums))
    end = f"<p>{escape(paper.when())}</p><p>{escape(paper.texts.thanks.format(name=paper.member_name))}</p>"
    script = f"<script>{PRINT_SCRIPT}</script>" if printing else ""
    return (
        f'<!doctype html>\n<html lang="{paper.texts.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(paper.purchase.receipt_number)}</title>'
        f"<style>{_STYLE}</style></head><body>{head}<table>{lines}{below}</table>{end}{script}</body></html>\n"
    )


def receipt_mail(to: str, paper: Paper, at: datetime) -> Mail:
    """The receipt as a mail, in plain text and HTML."""
    texts = paper.texts
    rows = [*paper.rows(), ("", ""), *paper.sums()]
    asked = texts.asked.format(store=paper.purchase.store.name)
    said = [
        paper.programme,
        f"{texts.receipt} {paper.purchase.receipt_number}, {paper.moment(paper.purchase.at)}",
        "\n".join(f"{name}  {amount}".strip() for name, amount in rows),
        paper.when(),
        asked,
    ]
    subject = f"{texts.receipt} {paper.purchase.receipt_number} · {' '.join(paper.programme.split())}"
    page = receipt_page(paper, printing=False).replace("</body>", f"<p><small>{escape(asked)}</small></p></body>")
    return Mail(to=to, subject=subject, text="\n\n".join(part for part in said if part) + "\n", html=page, at=at)


def _row(name: str, amount: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f"<tr{mark}><td>{escape(name)}</td><td>{escape(amount)}</td></tr>"
