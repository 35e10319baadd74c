"""The catalogs: whole in every language, in step with the code, and each thing by its one name."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages import Catalog, Message

from services import catalogs
from services.texts import LANGUAGES, Texts

SPOKEN = catalogs.spoken()
CATALOGS = {name: catalogs.read(catalogs.po_path(name)) for name in catalogs.TRANSLATED}
SAME = {
    "": {"{store}, {amount}", "{name}: {why}"},
    "pt_BR": {"Total", "Supervisor"},
    "fi": set(),
    "da": {"Find", "Scan", "Send", "Version {version}", "{n} point"},
    "id": {"Total"},
    "ru": set(),
}
"""What a language says as English does, each a word that it has: names, codes, and words that it shares."""
OTHER_WORDS = {
    "pt_BR": r"\brecibo|\bmembro|\bconectado|\bdesconectado|\btermos\b|\bexpira|usuário|transação|caixa eletrônico",
    "fi": r"\bteidän\b|\bteille\b|\bkäyttäjä|\bkassakoodi|cashback|\bpending\b|transaktio|peri(tty|tään) takaisin",
    "da": r"\bbon\b|\bbonnummer|tilgængelig|bruger(e|en)\b|transaktion",
    "id": r"\bkamu\b|\bkadaluarsa\b|\bnota\b|\bpengguna\b|\btransaksi\b|\bresi\b|\bkwitansi\b",
    "ru": r"кэшб|кешбек|(?<=[а-яё,;:] )Вы\b|(?<=[а-яё,;:] )Ваш|пользовател|транзакц|квитанц",
}
"""Words that docs/languages.md has another word for."""


def said(message: Message) -> list[str]:
    return [text for text in ([message.string] if isinstance(message.string, str) else message.string) if text]


def ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def sentences(name: str) -> list[tuple[Message, str]]:
    return [(message, text) for message in CATALOGS[name] if message.id for text in said(message)]


@pytest.mark.parametrize("name", catalogs.TRANSLATED)
def test_every_sentence_in_the_code_is_translated(name):
    assert catalogs.missing(name, SPOKEN) == []


@pytest.mark.parametrize("name", catalogs.TRANSLATED)
def test_no_catalog_keeps_a_sentence_that_is_gone(name):
    known = {(ids(message)[0], message.context) for message in SPOKEN if message.id}
    kept = {(ids(message)[0], message.context) for message in CATALOGS[name] if message.id}
    assert sorted(each[0] for each in kept - known) == [], "python -m services.catalogs --update"
    assert not CATALOGS[name].obsolete


@pytest.mark.parametrize("name", catalogs.TRANSLATED)
def test_a_translation_fills_in_what_the_english_does_in_every_form_of_its_number(name):
    catalog = CATALOGS[name]
    assert str(catalog.locale) == name
    for message in catalog:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        if message.pluralizable and said(message):
            assert len(said(message)) == catalog.num_plurals, message.id
        for text in said(message):
            assert fields(text) == fields(ids(message)[-1]), text
            assert not list(message.check(catalog)), text


@pytest.mark.parametrize("name", catalogs.TRANSLATED)
def test_nothing_is_left_in_english(name):
    left = {text for message, text in sentences(name) if text in ids(message) and re.search(r"[a-z]{2}", _bare(text))}
    assert left - SAME[""] - SAME[name] == set()


@pytest.mark.parametrize("name", catalogs.TRANSLATED)
def test_a_translation_ends_and_begins_as_the_english_does(name):
    for message, text in sentences(name):
        english = ids(message)[0]
        assert text == text.strip(), text
        assert "  " not in text, text
        assert _end(text) == _end(english), text
        if text[0].isalpha() and english[0].isalpha() and not text.split()[0][:3].isupper():  # PIN and PDF stay
            assert text[0].isupper() == english[0].isupper(), text


@pytest.mark.parametrize("name", catalogs.TRANSLATED)
def test_each_thing_has_one_name(name):
    other = re.compile(OTHER_WORDS[name], re.IGNORECASE if name != "ru" else 0)
    assert [text for _, text in sentences(name) if other.search(_bare(text))] == []


@pytest.mark.parametrize("name", ["pt_BR", "fi", "da", "id"])
def test_no_letter_of_another_alphabet_has_crept_in(name):
    assert [text for _, text in sentences(name) if re.search(r"[Ѐ-ӿ]", text)] == []


def test_no_russian_word_mixes_two_alphabets():
    mixed = re.compile(r"\w*(?:[а-яё][a-z]|[a-z][а-яё])\w*", re.IGNORECASE)
    assert [text for _, text in sentences("ru") if mixed.search(_bare(text))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 11, 21, 22, 101, 1_000_000])
def test_every_number_finds_its_form(language, count):
    assert Texts(language).n("{n} receipt", "{n} receipts", count).split()[-1] in FORMS[language]


FORMS = {
    "en": {"receipt", "receipts"},
    "pt-BR": {"cupom", "cupons"},
    "fi": {"kuitti", "kuittia"},
    "da": {"kvittering", "kvitteringer"},
    "id": {"struk"},
    "ru": {"чек", "чека", "чеков"},
}


def test_russian_counts_in_three_forms():
    texts = Texts("ru")
    counted = [texts.n("{n} receipt", "{n} receipts", count) for count in (1, 3, 11, 21, 25)]
    assert counted == ["1 чек", "3 чека", "11 чеков", "21 чек", "25 чеков"]


def test_one_english_word_can_be_two_elsewhere():
    texts = Texts("pt-BR")
    assert (texts.t("All"), texts.p("offers", "All")) == ("Todos", "Todas")
    assert Texts("en").p("offers", "All") == "All"


def test_sentences_within_f_strings_and_after_conditions_are_found(monkeypatch, tmp_path):
    code = (
        "said = f\"{texts.t('Inside')}, {x}\"\nsaid = t('One' if x else 'Other')\np('offers', 'All')\nn('1', '{n}', 2)"
    )
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "screen.py").write_text(code)
    monkeypatch.setattr(catalogs, "ROOT", tmp_path)
    found = {(message.id, message.context) for message in catalogs.spoken() if message.id}
    wanted = {("Inside", None), ("One", None), ("Other", None), ("All", "offers"), (("1", "{n}"), None)}
    assert found == wanted


def test_a_catalog_is_brought_in_step_and_keeps_what_it_has(monkeypatch, tmp_path):
    folder = tmp_path / "translations"
    monkeypatch.setattr(catalogs, "FOLDER", folder)
    path = catalogs.po_path("fi")
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Language: fi\\n"\n\nmsgid "Wallet"\nmsgstr "Lompakko"\n\nmsgid "Gone"\nmsgstr "x"\n'
    )
    catalogs.update("fi", _few())
    text = Path(path).read_text(encoding="utf-8")
    assert 'msgid "Wallet"\nmsgstr "Lompakko"' in text
    assert "Gone" not in text
    assert catalogs.missing("fi", _few()) == ["{n} receipt"]


def _few() -> Catalog:
    few = Catalog()
    few.add("Wallet")
    few.add(("{n} receipt", "{n} receipts"))
    return few


def _bare(text: str) -> str:
    return re.sub(r"\{\w+\}", "", text)


def _end(text: str) -> str:
    return text[-1] if text[-1] in ".?:!" else ""
