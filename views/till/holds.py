"""Why a purchase's cashback is being checked, in words that a cashier can say."""

from __future__ import annotations

from services.texts import Texts


def kind_name(texts: Texts, kind: str) -> str:
    """What a review is about."""
    names = {
        "member_velocity": texts.t("One member buys very often"),
        "cashier_velocity": texts.t("One cashier sells very often"),
        "till_velocity": texts.t("One till sells very often"),
        "same_pair": texts.t("The same member and cashier, again and again"),
        "refund_loop": texts.t("Bought and brought back, again and again"),
        "own_account": texts.t("A cashier's own account"),
        "receipt_on_two_members": texts.t("One receipt, two members"),
    }
    return names.get(kind, texts.t("Something unusual"))


def hold_words(texts: Texts, review: str | None, kind: str | None) -> str:
    """One line for a receipt that is held, or was; nothing for any other."""
    if review == "checking":
        return texts.t("Being checked: {why}", why=kind_name(texts, kind or "").lower())
    if review == "rejected":
        return texts.t("Checked, and its cashback taken back")
    return ""


def held_sentence(texts: Texts, review: str | None) -> str:
    """What to tell the member of a purchase that is held, or was; nothing about any other."""
    if review == "checking":
        return texts.t("The cashback of this purchase is being checked. A manager decides.")
    return hold_words(texts, review, None)
