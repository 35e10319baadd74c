"""A plain sentence for every reason of the rules, and for the next step."""

from __future__ import annotations

from contract.money import Money
from contract.quotes import Hint, Reason, ReasonCode
from services.speaking import N_, Speaker

# Why a rule gave, or did not

_GAVE = {
    ReasonCode.PERCENT: N_("You earned {value}: {rate} of {basis}."),
    ReasonCode.STEP: N_("You earned {value}: {rate} of {basis}, because you spent {threshold} or more."),
    ReasonCode.FIXED: N_("You earned {value}: this item's share of a fixed amount."),
    ReasonCode.MULTIPLIED: N_("You earned {value} on top: this offer makes it {factor} times as much."),
    ReasonCode.POINTS: N_("You earned {value}."),
    ReasonCode.STAMP: N_("You earned a stamp with this purchase."),
}
_GAVE_ON = {
    ReasonCode.PERCENT: N_("You earned {value}: {rate} of {basis} on {match}."),
    ReasonCode.STEP: N_("You earned {value}: {rate} of {basis} on {match}, because you spent {threshold} or more."),
}
_CAPPED = {
    ReasonCode.CAPPED_LINE: N_("This offer has a limit for each item, so it is not {desired}."),
    ReasonCode.CAPPED_RECEIPT: N_("This offer has a limit for each purchase, so it is not {desired}."),
    ReasonCode.CAPPED_MEMBER: N_("You have reached the most that you can get from this offer, so it is not {desired}."),
    ReasonCode.CAPPED_BUDGET: N_("This offer's budget ran out, so it is not {desired}."),
}
_CAPPED_ALONE = {
    ReasonCode.CAPPED_LINE: N_("You earned {value}: this offer has a limit for each item."),
    ReasonCode.CAPPED_RECEIPT: N_("You earned {value}: this offer has a limit for each purchase."),
    ReasonCode.CAPPED_MEMBER: N_("You earned {value}: you have reached the most that you can get from this offer."),
    ReasonCode.CAPPED_BUDGET: N_("You earned {value}: this offer's budget ran out."),
}
_MISSED = {
    ReasonCode.EXCLUDED_PRODUCT: N_("This product is left out of this offer."),
    ReasonCode.EXCLUDED_CATEGORY: N_("This kind of product is left out of this offer."),
    ReasonCode.EXCLUDED_BRAND: N_("This brand is left out of this offer."),
    ReasonCode.EXCLUDED_TAG: N_("Products like this one are left out of this offer."),
    ReasonCode.EXCLUDED_DISCOUNTED: N_("This item was discounted already, so this offer does not count."),
    ReasonCode.NEVER_EARNS: N_("Delivery and gift cards never earn cashback."),
    ReasonCode.OTHER_PRODUCT: N_("This offer is for other products."),
    ReasonCode.OTHER_PLACE: N_("This offer counts in other stores. Look at its terms to see where."),
    ReasonCode.OTHER_TIME: N_("This offer counts at other times. Look at its terms to see when."),
    ReasonCode.OTHER_PAYMENT: N_("This offer counts with another way to pay. Look at its terms to see which."),
    ReasonCode.OTHER_MEMBER: N_("This offer is for other members for now. Yours are under offers."),
    ReasonCode.BELOW_MINIMUM: N_("You needed to spend more for this offer."),
    ReasonCode.NOT_ACTIVATED: N_("You had not activated this offer. Activate it to earn next time."),
    ReasonCode.USED_UP: N_("This offer is used up. You can still earn from the others."),
    ReasonCode.UNKNOWN: N_("This offer did not count here. A newer app can say why."),
    ReasonCode.BETTER_RULE: N_("Another offer gave you more, and the two do not go together."),
}
_MISSED_ON = {
    ReasonCode.EXCLUDED_CATEGORY: N_("{match} is left out of this offer."),
    ReasonCode.EXCLUDED_BRAND: N_("The brand {match} is left out of this offer."),
    ReasonCode.EXCLUDED_TAG: N_("Products marked “{match}” are left out of this offer."),
}


def reason(texts: Speaker, why: Reason) -> str:
    """Why a rule gave, or did not, in a sentence or two."""
    params = _figures(texts, why)
    if why.code is ReasonCode.UNKNOWN and why.value:
        return texts.t(_GAVE[ReasonCode.POINTS], **params)
    if why.code in _MISSED:
        return _missed(texts, why, params)
    if why.code in _CAPPED_ALONE:
        return texts.t(_CAPPED_ALONE[why.code], **params)
    named = why.match is not None and why.code in _GAVE_ON
    first = texts.t((_GAVE_ON if named else _GAVE)[why.code], **params)
    if why.capped_by in _CAPPED and why.desired_value is not None:
        return f"{first} {texts.t(_CAPPED[why.capped_by], **params)}"
    return first


def _missed(texts: Speaker, why: Reason, params: dict[str, str]) -> str:
    if why.code is ReasonCode.BELOW_MINIMUM and why.missing is not None:
        return texts.t("You needed to spend {missing} more for this offer.", **params)
    if why.code is ReasonCode.USED_UP and why.capped_by is ReasonCode.CAPPED_MEMBER:
        return texts.t("You have got all that you can get from this offer.")
    named = why.match is not None and why.code in _MISSED_ON
    return texts.t((_MISSED_ON if named else _MISSED)[why.code], **params)


def _figures(texts: Speaker, why: Reason) -> dict[str, str]:
    def money(value: Money | None) -> str:
        return "" if value is None else texts.money(value)

    return {
        "value": money(why.value),
        "desired": money(why.desired_value),
        "basis": money(why.basis),
        "threshold": money(why.threshold),
        "missing": money(why.missing),
        "rate": texts.rate(why.rate_bp or 0),
        "factor": texts.factor(why.factor_bp or 10_000),
        "match": category(texts, why.match or ""),
    }


def hint(texts: Speaker, step: Hint) -> str:
    """What would earn more."""
    missing = texts.money(step.missing)
    if step.rate_bp is not None:
        return texts.t("Spend {missing} more to get {rate} back.", missing=missing, rate=texts.rate(step.rate_bp))
    if step.value is not None:
        return texts.t("Spend {missing} more to earn {value}.", missing=missing, value=texts.money(step.value))
    if step.factor_bp is not None:
        factor = texts.factor(step.factor_bp)
        return texts.t("Spend {missing} more to earn {factor} times as much.", missing=missing, factor=factor)
    return texts.t("Spend {missing} more to get {name}.", missing=missing, name=step.name)


def missed_step(texts: Speaker, step: Hint) -> str:
    """What would have earned more, of a purchase that is made."""
    missing = texts.money(step.missing)
    if step.rate_bp is not None:
        return texts.t("{missing} more would have got you {rate} back.", missing=missing, rate=texts.rate(step.rate_bp))
    if step.value is not None:
        return texts.t("{missing} more would have earned {value}.", missing=missing, value=texts.money(step.value))
    if step.factor_bp is not None:
        factor = texts.factor(step.factor_bp)
        return texts.t("{missing} more would have earned {factor} times as much.", missing=missing, factor=factor)
    return texts.t("{missing} more would have got you {name}.", missing=missing, name=step.name)


_CATEGORIES = {
    "food": N_("Food"),
    "fruit": N_("Fruit"),
    "bakery": N_("Bakery"),
    "drinks": N_("Drinks"),
    "household": N_("Household"),
    "electronics": N_("Electronics"),
    "giftcard": N_("Gift cards"),
    "delivery": N_("Delivery"),
    "organic": N_("Organic"),
    "local": N_("Local"),
}


def category(texts: Speaker, path: str) -> str:
    """A category or tag in words; one that a programme made itself as it wrote it."""
    last = path.rsplit("/", 1)[-1]
    known = _CATEGORIES.get(last.lower())
    if known is not None:
        return texts.t(known)
    return last[:1].upper() + last[1:]
