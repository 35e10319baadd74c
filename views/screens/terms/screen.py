"""One version of an offer's terms in plain words, whatever has become of the offer since."""

from __future__ import annotations

import functools
from urllib.parse import unquote

import flet as ft

from contract.offer_terms import offer_of_terms
from contract.terms import Terms
from services.books import Kept
from services.texts import Texts
from views.reading import Reading, use_reading
from views.session import go, use_client, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space, Type
from views.ui.buttons import quiet
from views.ui.layout import page
from views.ui.notices import error_notice
from views.ui.skeleton import rows
from views.ui.terms import terms_card
from views.ui.words import body, caption, text


@ft.component
def TermsOfDay() -> ft.Control:
    """The version that the route names, such as `everyday@3`."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    terms_id = unquote(ft.use_route_params().get("id", ""))
    profile = use_slice(session.store.who).profile
    programme = "" if profile is None else profile.programme.slug

    async def fresh() -> Kept[Terms]:
        kept = await client.books.kept_terms(terms_id)
        return kept or await client.books.fresh_terms(terms_id, programme)

    kept = functools.partial(client.books.kept_terms, terms_id)
    reading: Reading[Terms] = use_reading(kept, fresh, (terms_id, programme))
    if reading.value is None:
        back = quiet(texts.t("Show all purchases"), lambda: go("/purchases"))
        return page(error_notice(texts, reading.problem, back) if reading.problem else [rows(texts)], width)
    return page(_terms(texts, reading.value), width)


def _terms(texts: Texts, terms: Terms) -> list[ft.Control]:
    offer = offer_of_terms(terms, texts.language)
    published = texts.date(terms.published_at)
    head = ft.Column(
        [
            ft.Semantics(content=text(offer.name, Type.HEADLINE), header=True, heading_level=1),
            *([body(offer.description, Color.QUIET)] if offer.description else []),
        ],
        spacing=Space.S,
        tight=True,
    )
    version = texts.t("Version {version}, published on {date}", version=terms.version, date=published)
    never = texts.t("These terms never change. Newer ones have a version of their own.")
    return [head, terms_card(texts, offer), caption(f"{version}. {never}")]
