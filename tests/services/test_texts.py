"""Everything that the app says: complete, plain, and in the reader's form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contract.errors import ErrorCode, FieldError, Problem
from contract.money import Money
from contract.quotes import Hint, Reason, ReasonCode
from services import catalogs
from services.texts import LANGUAGES, Texts, nearest

NOW = datetime(2026, 3, 17, 15, 0, tzinfo=UTC)
TECHNICAL = ("error", "null", "user", "transaction", "invalid", "exception", "none", "http", "{", "}", "_")


def brl(amount: int) -> Money:
    return Money(amount=amount, currency="BRL")


def reason(code: ReasonCode, **more) -> Reason:
    figures = {"rate_bp": 500, "basis": brl(6200), "threshold": brl(10_000), "factor_bp": 20_000}
    return Reason(code=code, campaign_id="c", campaign_version=1, name="Week", value=brl(310), **figures | more)


def problem(code: ErrorCode, **more) -> Problem:
    return Problem(title="x", status=409, code=code, detail="x", **more)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_a_sentence_with_a_way_out(language):
    texts = Texts(language)
    said = {code: texts.problem(problem(code)) for code in ErrorCode}
    assert len(set(said.values())) == len(ErrorCode)
    for sentence in said.values():
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert sentence.count(".") + sentence.count(";") >= 2, sentence
        assert not any(word in sentence.lower().split() for word in TECHNICAL), sentence
    for code in ErrorCode:
        assert texts.problem(code) == said[code]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("match", [None, "organic", "food/fruit", "ACME {x}"])
def test_every_reason_is_a_sentence(language, match):
    texts = Texts(language)
    for code in ReasonCode:
        sentence = texts.reason(reason(code, match=match))
        assert sentence.endswith(".")
        capped = texts.reason(reason(code, match=match, desired_value=brl(900), capped_by=ReasonCode.CAPPED_RECEIPT))
        assert capped.endswith(".")
        assert texts.reason(Reason(code=code, campaign_id="c", campaign_version=1, name="n", value=brl(0)))


def test_a_reason_names_its_figures():
    texts = Texts("en")
    assert texts.reason(reason(ReasonCode.PERCENT, match="organic")) == "You earned R$3.10: 5% of R$62.00 on Organic."
    capped = reason(ReasonCode.PERCENT, desired_value=brl(900), capped_by=ReasonCode.CAPPED_RECEIPT)
    assert texts.reason(capped).endswith("This offer has a limit for each purchase, so it is not R$9.00.")
    assert "R$5.20" in texts.reason(reason(ReasonCode.BELOW_MINIMUM, missing=brl(520)))
    portuguese = Texts("pt-BR").reason(reason(ReasonCode.PERCENT, match="food/fruit"))
    assert portuguese.replace("\xa0", " ") == "Você ganhou R$ 3,10: 5% de R$ 62,00 em Frutas."


def test_a_hint_says_what_is_missing_and_what_it_gives():
    texts = Texts("en")
    assert texts.hint(Hint(campaign_id="c", name="n", missing=brl(520), rate_bp=1000)) == (
        "Spend R$5.20 more to get 10% back."
    )
    assert "R$3.00" in texts.hint(Hint(campaign_id="c", name="n", missing=brl(520), value=brl(300)))
    assert texts.hint(Hint(campaign_id="c", name="Week", missing=brl(520))).endswith("get Week.")


def test_a_refusal_names_its_figures_where_it_has_them():
    texts = Texts("en")
    over = problem(ErrorCode.REDEEM_OVER_CAP, params={"most": 2000, "currency": "BRL"})
    assert texts.problem(over) == "At most R$20.00 can be spent here. Choose that or less."
    assert "12 seconds" in texts.problem(problem(ErrorCode.TOO_MANY_REQUESTS, params={"seconds": 12}))
    crowded = problem(ErrorCode.TOO_MANY_REQUESTS, params={"seconds": 12, "of": "network"})
    assert "by another network" in texts.problem(crowded)
    assert "60 minutes" in texts.problem(problem(ErrorCode.TOO_MANY_REQUESTS, params={"retry_after": 3600}))
    assert "1 minute," in texts.problem(problem(ErrorCode.PIN_LOCKED, params={"minutes": 1}))
    assert "abc" in texts.problem(problem(ErrorCode.UNEXPECTED, params={"reference": "abc"}))
    wrong = problem(ErrorCode.INVALID_INPUT, errors=[FieldError(field="lines.0.unit_price", message="x")])
    assert texts.problem(wrong).startswith("Check the price")


def test_money_is_exact_in_every_locale():
    assert Texts("en").money(brl(123456)) == "R$1,234.56"
    assert Texts("pt-BR").money(brl(-5)).replace("\xa0", " ") == "-R$ 0,05"
    assert Texts("en").money(brl(820), signed=True) == "+R$8.20"
    assert Texts("en").money(Money(amount=10**12, currency="BRL")) == "R$10,000,000,000.00"
    assert Texts("en").money(Money(amount=1234, currency="JPY")) == "JP¥1,234"
    assert Texts("en").money(Money(amount=1234, currency="KWD")).endswith("1.234")
    assert Texts("id").money(Money(amount=150, currency="IDR")).endswith("1,50")
    assert Texts("en").money(Money(amount=120, currency="PTS")) == "120 points"
    assert Texts("en").money(Money(amount=1, currency="PTS"), signed=True) == "+1 point"
    assert Texts("en").money(Money(amount=-1, currency="PTS")) == "-1 point"
    assert Texts("pt-BR").money(Money(amount=1200, currency="PTS")) == "1.200 pontos"


@pytest.mark.parametrize(
    ("language", "own", "forms"),
    [
        ("en", "EUR", ["R$8.20", "€1,234.00", "DKK 1,234.00"]),
        ("pt-BR", "BRL", ["R$ 8,20", "R$ 1.234,00", "DKK 1.234,00"]),
        ("fi", "EUR", ["8,20 R$", "1 234,00 €", "1 234,00 DKK"]),
        ("da", "DKK", ["8,20 R$", "1.234,00 kr.", "1.234,00 kr."]),
        ("id", "IDR", ["R$8,20", "Rp 1.234,00", "DKK 1.234,00"]),
        ("ru", "RUB", ["8,20 R$", "1 234,00 ₽", "1 234,00 DKK"]),
    ],
)
def test_money_is_written_as_its_reader_writes_it_and_never_breaks(language, own, forms):
    texts = Texts(language)
    said = [texts.money(Money(amount=amount, currency=code)) for amount, code in ((820, "BRL"), (123_400, own))]
    said.append(texts.money(Money(amount=123_400, currency="DKK")))
    assert [each.replace("\xa0", " ") for each in said] == forms
    assert not any(" " in each for each in said)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["3 Mar", "3 Mar 2026", "Tuesday 3 March", "Sunday 3 March 2024", "March 2026", "14:05"]),
        (
            "pt-BR",
            [
                "3 de março",
                "3 de março de 2026",
                "Terça-feira, 3 de março",
                "Domingo, 3 de março de 2024",
                "Março de 2026",
                "14:05",
            ],
        ),
        (
            "fi",
            ["3.3.", "3.3.2026", "Tiistai 3. maaliskuuta", "Sunnuntai 3. maaliskuuta 2024", "Maaliskuu 2026", "14.05"],
        ),
        (
            "da",
            ["3. marts", "3. marts 2026", "Tirsdag den 3. marts", "Søndag den 3. marts 2024", "Marts 2026", "14.05"],
        ),
        ("id", ["3 Mar", "3 Mar 2026", "Selasa, 3 Maret", "Minggu, 3 Maret 2024", "Maret 2026", "14.05"]),
        ("ru", ["3 марта", "3 марта 2026", "Вторник, 3 марта", "Воскресенье, 3 марта 2024", "Март 2026", "14:05"]),
    ],
)
def test_days_are_written_so_that_nobody_takes_the_month_for_the_day(language, forms):
    texts, at = Texts(language), datetime(2026, 3, 3, 14, 5, tzinfo=UTC)
    headings = [texts.day_heading(day, NOW) for day in (at, at.replace(year=2024))]
    assert [texts.short_date(at), texts.date(at), *headings, texts.month_heading(at), texts.time(at)] == forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_day_in_a_sentence_ends_in_a_full_stop_but_the_finnish(language):
    texts = Texts(language)
    for month in range(1, 13):
        at = datetime(2026, month, 9, tzinfo=UTC)
        assert not texts.date(at).endswith(".")
        assert language == "fi" or not texts.short_date(at).endswith(".")


def test_rates_dates_and_ages_are_in_the_readers_form():
    en, pt = Texts("en", "America/Sao_Paulo"), Texts("pt-BR", "America/Sao_Paulo")
    assert (en.rate(500), en.rate(525), pt.rate(525)) == ("5%", "5.25%", "5,25%")
    assert Texts("ru").rate(525) == "5,25\xa0%"
    assert (en.date(NOW), en.short_date(NOW), en.time(NOW)) == ("17 Mar 2026", "17 Mar", "12:00")
    assert en.ago(NOW - timedelta(minutes=2), NOW) == "2 minutes ago"
    assert pt.ago(NOW - timedelta(minutes=2), NOW) == "há 2 minutos"
    assert en.ago(NOW - timedelta(seconds=63), NOW) == "1 minute ago"
    assert en.ago(NOW - timedelta(seconds=20), NOW) == "just now"
    assert pt.ago(NOW + timedelta(seconds=20), NOW) == "agora mesmo"
    assert en.until(NOW + timedelta(days=2), NOW) == "in 2 days"
    assert en.day_heading(NOW, NOW) == "Today"
    assert en.day_heading(NOW - timedelta(hours=13), NOW) == "Yesterday"
    assert Texts("en", "No/Where").time(NOW) == "15:00"


def test_a_language_is_found_for_any_tag():
    tags = {"pt": "pt-BR", "pt_PT": "pt-BR", "en-US": "en", "fi_FI.UTF-8": "fi", "xx": "en", "": "en", "RU": "ru"}
    assert {tag: nearest(tag) for tag in tags} == tags


def test_of_several_languages_the_first_that_the_app_has_is_taken():
    assert nearest("sv-SE", "fi-FI", "en-GB") == "fi"
    assert nearest("sv-SE", "de-DE") == "en"
    assert nearest() == "en"


def test_what_is_not_translated_is_said_in_english():
    assert Texts("pt-BR").t("Nothing {x} like this", x=1) == "Nothing 1 like this"


def test_extraction_finds_method_calls_and_plurals():
    found = [message.id for message in catalogs.spoken(["services"]) if message.id]
    assert "Today" in found
    assert ("{n} point", "{n} points") in found


def test_the_list_of_what_is_missing_can_be_printed(capsys):
    assert catalogs.main(["--missing", "pt_BR"]) in {0, 1}
    assert all(line.startswith("pt_BR: ") for line in capsys.readouterr().out.splitlines())
