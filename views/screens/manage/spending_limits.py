"""The limits of spending among the programme's own rules: what each is called, what it does, and how it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.facts import ProgrammeTerms
from contract.money import Money, decimals
from services.texts import Texts
from views.screens.manage.numbers import number, shown

_MOST = 1_000_000_000
_PERCENT = 2
"""Places of a percentage: the rules hold hundredths of one."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit. `name` is its path in the rules; without a number it may be `optional`, and does not hold then."""

    name: str
    called: str
    about: str
    kind: str = "amount"
    optional: bool = False
    least: int = 0
    most: int = _MOST

    def places(self, currency: str) -> int:
        """Digits behind the point."""
        return {"amount": decimals(currency), "percent": _PERCENT}.get(self.kind, 0)

    def label(self, texts: Texts, currency: str) -> str:
        """Its name with what it is counted in."""
        if self.kind == "amount":
            return texts.t("{limit}, in {currency}", limit=self.called, currency=currency)
        return self.called

    def typed(self, rules: ProgrammeTerms, currency: str) -> str:
        """It as a manager would type it."""
        value = value_of(rules, self.name)
        return "" if value is None else shown(value, self.places(currency))

    def said(self, texts: Texts, value: int | None, currency: str) -> str:
        """It in words, for who reads what was changed."""
        if value is None:
            return texts.t("no limit")
        if self.kind == "amount":
            return texts.money(Money(amount=value, currency=currency))
        return texts.rate(value) if self.kind == "percent" else texts.number(value)


def groups(texts: Texts) -> list[tuple[str, list[Limit]]]:
    """The limits by what they are about."""
    return [
        (
            texts.t("Asking the member"),
            [
                Limit(
                    "confirm_above",
                    texts.t("Ask in the app above this"),
                    texts.t(
                        "The member allows it on her own phone while she waits. Empty: nobody is asked. 0: always."
                    ),
                    optional=True,
                ),
                Limit(
                    "spend_limit",
                    texts.t("Most that one code may spend"),
                    texts.t("More than this is never spent at once. Empty: no limit."),
                    optional=True,
                ),
            ],
        ),
        (
            texts.t("In one basket"),
            [
                Limit(
                    "redeem_minimum",
                    texts.t("Least that may be spent"),
                    texts.t("Who has less waits until there is more. 0: any amount."),
                ),
                Limit(
                    "redeem_max_share_bp",
                    texts.t("Most of a basket that it pays, in percent"),
                    texts.t("The rest is paid with money. 100: all of it may be cashback."),
                    kind="percent",
                    most=10_000,
                ),
            ],
        ),
        (
            texts.t("Without a network"),
            [
                Limit(
                    "offline.spend_per_member",
                    texts.t("Most for one member at one till"),
                    texts.t(
                        "No till can see a balance then. What no balance covers later is the shop's loss. 0: none."
                    ),
                ),
                Limit(
                    "offline.spend_per_till",
                    texts.t("Most for all members at one till"),
                    texts.t("So much can one till lose at most until it is back on the network."),
                ),
                Limit(
                    "offline.kit_hours",
                    texts.t("Hours that a till sells alone"),
                    texts.t("After that it sells to members again once it has been on the network."),
                    kind="hours",
                    least=1,
                    most=168,
                ),
            ],
        ),
    ]


def value_of(rules: ProgrammeTerms, name: str) -> int | None:
    """The value at a path of the rules."""
    found: Any = rules
    for part in name.split("."):
        found = getattr(found, part)
    return None if found is None else int(found)


def with_values(rules: ProgrammeTerms, values: Mapping[str, int | None]) -> ProgrammeTerms:
    """The rules with other values at some paths; all else stays."""
    body = rules.model_dump()
    for name, value in values.items():
        *above, last = name.split(".")
        inner = body
        for part in above:
            inner = inner[part]
        inner[last] = value
    return ProgrammeTerms.model_validate(body)


def read(texts: Texts, typed: Mapping[str, str], currency: str) -> tuple[dict[str, int | None], str]:
    """The values that were typed, and what is wrong with them, if anything is."""
    values: dict[str, int | None] = {}
    for limit in (each for _, group in groups(texts) for each in group):
        text = typed[limit.name].strip()
        if limit.optional and not text:
            values[limit.name] = None
            continue
        value = number(text, limit.places(currency))
        if value is None or not limit.least <= value <= limit.most:
            return {}, _wrong(texts, limit, currency)
        values[limit.name] = value
    of_one, of_all = values["offline.spend_per_member"], values["offline.spend_per_till"]
    if (of_one or 0) > (of_all or 0):
        return {}, texts.t("Without a network one member cannot be given more than all of them together.")
    return values, ""


def _wrong(texts: Texts, limit: Limit, currency: str) -> str:
    least = shown(limit.least, limit.places(currency))
    most = shown(limit.most, limit.places(currency))
    return texts.t("{limit}: a number from {least} to {most}.", limit=limit.called, least=least, most=most)
