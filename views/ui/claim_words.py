"""Claims in words."""

from __future__ import annotations

from datetime import UTC, datetime

from contract.claims import Claim
from services.texts import Texts


def about(texts: Texts, claim: Claim) -> str:
    """What a claim is about."""
    day = texts.date(datetime(claim.day.year, claim.day.month, claim.day.day, 15, tzinfo=UTC))
    if claim.kind == "missing":
        return texts.t("A purchase of {date} is missing", date=day)
    if claim.kind == "amount":
        return texts.t("The purchase of {date} earned too little", date=day)
    return texts.t("A question about a purchase of {date}", date=day)


def reason_words(texts: Texts, reason: str) -> str:
    """Why a claim was refused."""
    other = texts.t("Your claim could not be accepted.")
    said = {
        "not_found": texts.t("No receipt with this number was found in the store."),
        "already_credited": texts.t("You have this cashback already."),
        "not_eligible": texts.t("What you bought earns no cashback, by the rules of that day."),
        "other_member": texts.t("This receipt belongs to another account."),
        "returned": texts.t("The goods were returned."),
        "too_little_known": texts.t("There was too little to go by. Ask again, and tell us more."),
    }
    return said.get(reason, other)
