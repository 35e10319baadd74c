"""Every mail and every paper is written in every language of the app, as the app writes it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from api.core import writing
from api.mail.claim import _TEXTS, claim_mail
from api.mail.expiry import Expiring, expiry_mail
from api.mail.one_time_code import one_time_code_mail
from api.mail.receipt import Paper, receipt_mail
from api.mail.welcome import welcome_mail
from api.sign_in.plain_terms import PLAIN
from api.statement import words
from contract.claims import Claim
from contract.money import Money
from contract.wallet import Purchase, PurchaseLine, StoreRef
from services.texts import LANGUAGES, Texts
from views.ui.claim_words import reason_words

AT = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


def brl(amount: int) -> Money:
    return Money(amount=amount, currency="BRL")


LINE = PurchaseLine(
    line=0,
    sku="1",
    name="Bananas",
    category="food/fruit",
    tags=[],
    quantity=2,
    unit_price=brl(1125),
    discount=brl(0),
    amount=brl(2250),
    earned=brl(112),
    clawed_back=brl(0),
    why=[],
)
BOUGHT = Purchase(
    purchase_id="b1",
    receipt_number="C-1042",
    store=StoreRef(store_id="centro", name="Centro"),
    channel="store",
    at=AT,
    total=brl(2250),
    redeemed=brl(500),
    earned=brl(112),
    clawed_back=brl(0),
    state="pending",
    available_at=AT,
    expires_at=None,
    lines=[LINE],
    refunds=[],
    version=1,
)


def code_mail(language):
    return one_time_code_mail("ana@example.com", "482190", "Aurora & Filhos", language, AT)


def joined_mail(language):
    return welcome_mail("ana@example.com", "Ana", "Aurora & Filhos", language, AT)


def bought_mail(language):
    paper = Paper(BOUGHT, "Ana", "Aurora & Filhos", "UTC", language)
    return receipt_mail("ana@example.com", paper, AT)


def expiring_mail(language):
    amounts = [Expiring(brl(820), AT), Expiring(Money(amount=1250, currency="PTS"), AT.replace(day=9))]
    return expiry_mail("ana@example.com", amounts, "Aurora & Filhos", language, AT)


def answered_mail(language):
    return claim_mail("ana@example.com", CLAIM, "Aurora & Filhos", language, AT)


CLAIM = Claim(
    claim_id="c1",
    kind="missing",
    purchase_id=None,
    store_id="centro",
    store_name="Centro",
    receipt_number="C-7",
    day=AT.date(),
    total=brl(8000),
    note="",
    asked_at=AT,
    due_at=AT,
    state="refused",
    reason="not_found",
    words="",
    decided_at=AT,
    given=None,
)
MAILS = [code_mail, joined_mail, bought_mail, answered_mail, expiring_mail]


@pytest.mark.parametrize("mail_in", MAILS)
def test_a_mail_comes_in_the_readers_own_words(mail_in):
    mails = [mail_in(language) for language in LANGUAGES]
    assert len({mail.subject for mail in mails}) == len(LANGUAGES)
    for paragraphs in zip(*(mail.text.split("\n\n") for mail in mails), strict=True):
        if re.search(r"[^\W\d_]{9}", paragraphs[0].replace("Aurora & Filhos", "")):
            assert len(set(paragraphs)) == len(LANGUAGES), paragraphs


@pytest.mark.parametrize("mail_in", MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_names_its_programme_and_its_language(mail_in, language):
    mail = mail_in(language)
    assert "Aurora & Filhos" in mail.subject + mail.text
    assert "Aurora &amp; Filhos" in mail.html
    assert f'lang="{language}"' in mail.html
    assert not re.search(r"[{}]", mail.subject + mail.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_is_refused_by_mail_in_the_words_of_the_app(language):
    texts = Texts(language)
    for reason, said in _TEXTS[language.split("-")[0]].reasons.items():
        assert said == reason_words(texts, reason)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_stands_in_the_subject_and_in_the_text(language):
    mail = code_mail(language)
    assert "482190" in mail.subject
    assert "482190" in mail.text
    assert "482190" in mail.html


@pytest.mark.parametrize(("tag", "language"), [("pt", "pt-BR"), ("ru-RU", "ru"), ("fi_FI", "fi"), ("xx", "en")])
def test_a_tag_finds_its_nearest_language(tag, language):
    for mail_in in MAILS:
        assert mail_in(tag) == mail_in(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_writes_amounts_and_days_as_the_app_does(language):
    texts = Texts(language)
    for amount in (brl(123_456), brl(-5), Money(amount=123_456, currency="DKK"), Money(amount=7, currency="JPY")):
        assert writing.money(amount, language) == texts.money(amount)
    for month in range(1, 13):
        assert writing.date(AT.replace(month=month), language) == texts.date(AT.replace(month=month))
    assert writing.moment(AT, language) == f"{texts.date(AT)}, {texts.time(AT)}"
    text = bought_mail(language).text
    for said in (texts.money(brl(2250)), texts.money(brl(1750)), texts.date(AT)):
        assert said in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_points_are_counted_in_the_readers_own_words(language):
    texts = Texts(language)
    for n in (0, 1, 2, 5, 11, 21, 22, 1250):
        assert writing.money(Money(amount=n, currency="PTS"), language) == texts.n("{n} point", "{n} points", n)


def test_a_paper_says_what_points_paid_and_what_is_left_to_pay():
    points = {"points": 40, "points_redeemed": 300}
    spent = {name: Money(amount=n, currency="PTS") for name, n in points.items()}
    bought = BOUGHT.model_copy(update={**spent, "points_worth": brl(250), "earned": brl(0)})
    text = receipt_mail("ana@example.com", Paper(bought, "Ana", "Aurora", "UTC", "en"), AT).text
    sums = text.replace("\N{NO-BREAK SPACE}", " ").split("\n\n")[3].splitlines()
    assert sums == [
        "Total  R$22.50",
        "Paid with cashback  -R$5.00",
        "Paid with points (300 points)  -R$2.50",
        "To pay  R$15.00",
        "Points earned  40 points",
    ]
    assert "Yours to spend from 3 Mar 2026" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_of_what_expires_says_each_amount_and_day(language):
    mail, texts = expiring_mail(language), Texts(language)
    assert texts.money(brl(820)) in mail.subject
    assert texts.date(AT) in mail.subject
    for said in (texts.money(brl(820)), texts.date(AT), texts.n("{n} point", "{n} points", 1250)):
        assert said in mail.text
        assert said in mail.html
    for place in ("Me", "Your data", "What we may send"):
        assert texts.t(place) in mail.text, "the way to switch it off, as the app names it"


def test_a_notice_of_very_much_stays_short():
    mail = expiry_mail("a@example.com", [Expiring(brl(n), AT) for n in range(1, 40)], "Aurora", "en", AT)
    assert mail.text.count("to be used by") == 31
    assert "and more a little later" in mail.text


def test_the_words_on_paper_are_in_as_many_languages_as_the_app():
    assert words.LANGUAGES == writing.LANGUAGES == LANGUAGES
    for name, said in {**words.WORDS, **words.KINDS}.items():
        assert len(said) == len(LANGUAGES), name
        assert all(said), name
        fields = {frozenset(re.findall(r"\{\w+\}", each)) for each in said}
        assert len(fields) == 1, name


def test_the_terms_of_a_programme_without_its_own_are_in_every_language():
    assert tuple(PLAIN) == LANGUAGES
    assert len(set(PLAIN.values())) == len(LANGUAGES)
    assert all(set(re.findall(r"\{\w+\}", text)) == {"{programme}"} for text in PLAIN.values())
