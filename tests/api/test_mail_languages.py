"""Every mail is written in every language of the app."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from api.mail.one_time_code import one_time_code_mail
from api.statement import words
from services.texts import LANGUAGES

AT = datetime(2026, 3, 17, 15, 0, tzinfo=UTC)


def code_mail(language):
    return one_time_code_mail("ana@example.com", "482190", "Aurora & Filhos", language, AT)


def test_the_code_comes_in_the_readers_own_words():
    mails = {language: code_mail(language) for language in LANGUAGES}
    assert len({mail.subject for mail in mails.values()}) == len(LANGUAGES)
    for part in zip(*(mail.text.split("\n\n    482190\n\n") for mail in mails.values()), strict=True):
        assert len(set(part)) == len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_names_its_code_its_programme_and_its_language(language):
    mail = code_mail(language)
    assert "482190" in mail.subject
    assert "482190" in mail.text
    assert mail.text.count("Aurora & Filhos") >= 1
    assert "Aurora &amp; Filhos" in mail.html
    assert f'lang="{language}"' in mail.html
    assert not re.search(r"[{}]", mail.text)


@pytest.mark.parametrize(("tag", "language"), [("pt", "pt-BR"), ("ru-RU", "ru"), ("fi_FI", "fi"), ("xx", "en")])
def test_a_tag_finds_its_nearest_language(tag, language):
    assert code_mail(tag) == code_mail(language)


def test_the_words_on_paper_are_in_as_many_languages_as_the_app():
    assert words.LANGUAGES == LANGUAGES
    for name, said in {**words.WORDS, **words.KINDS}.items():
        assert len(said) == len(LANGUAGES), name
        assert all(said), name
        fields = {frozenset(re.findall(r"\{\w+\}", each)) for each in said}
        assert len(fields) == 1, name
