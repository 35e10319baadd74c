"""A plain sentence for every refusal: what was refused, and the way out."""

from __future__ import annotations

from collections.abc import Callable

from contract.errors import ErrorCode, Problem
from contract.money import Money
from services.speaking import N_, Speaker

_PROBLEMS = {
    ErrorCode.INVALID_INPUT: N_("Something you entered cannot be used. Check it and try again."),
    ErrorCode.NOT_FOUND: N_("This is not here any more. Go back and look again."),
    ErrorCode.METHOD_NOT_ALLOWED: N_("This app is too old for that. Update it and try again."),
    ErrorCode.TOO_LARGE: N_("That is too much at once. Split it and try again."),
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: N_("This kind of file cannot be read. Choose a CSV file."),
    ErrorCode.IDEMPOTENCY_KEY_MISSING: N_("The app made a mistake and nothing was saved. Try again."),
    ErrorCode.IDEMPOTENCY_KEY_REUSED: N_("This was sent before with other contents. Look at the list first."),
    ErrorCode.TOO_MANY_REQUESTS: N_("That was too often. Wait a little and try again."),
    ErrorCode.UNAVAILABLE: N_("The service is having a short break. Try again in a moment."),
    ErrorCode.UNEXPECTED: N_("Something went wrong on our side. Try again in a moment."),
    ErrorCode.NOT_SIGNED_IN: N_("You are not signed in. Sign in and try again."),
    ErrorCode.NOT_ALLOWED: N_("Your account may not do this. Ask someone whose account may."),
    ErrorCode.SIGN_IN_CODE_WRONG: N_("This code is wrong or old. Check your newest message, or ask for a new code."),
    ErrorCode.PIN_WRONG: N_("The staff number or the PIN is wrong. Check both and try again."),
    ErrorCode.PIN_LOCKED: N_("There were too many wrong PINs. Wait some minutes, or ask your manager."),
    ErrorCode.SESSION_ENDED: N_("You were signed out. Sign in again to go on."),
    ErrorCode.CODE_MALFORMED: N_("This is not a member code. Scan it again, or type its 19 digits."),
    ErrorCode.CODE_UNKNOWN: N_("No member has this code. Ask the shopper to open the app and show it again."),
    ErrorCode.CODE_OTHER_PROGRAMME: N_("This code is for another chain. Ask the shopper for the code of this one."),
    ErrorCode.CODE_OLD: N_("This code is too old. Scan the one that the shopper's screen shows now."),
    ErrorCode.CODE_USED: N_("This code was used already. Wait for the next one; it comes within 30 seconds."),
    ErrorCode.DEVICE_SIGNED_OUT: N_(
        "This phone was signed out of the account. Ask the shopper to sign in again, or to say their phone number."
    ),
    ErrorCode.IDENTIFICATION_EXPIRED: N_("The scan was too long ago. Scan the member's code again."),
    ErrorCode.SIGNATURE_WRONG: N_("This receipt does not bear this till's seal. Show it to your manager."),
    ErrorCode.STORE_UNKNOWN: N_("This store is not known. Check which store you have chosen."),
    ErrorCode.AT_IN_FUTURE: N_("This purchase lies in the future. Check the clock of this device."),
    ErrorCode.AT_TOO_OLD: N_("This purchase is too long ago. Ask your manager to bring it in."),
    ErrorCode.CURRENCY_WRONG: N_("This is another currency. Enter the amounts in your store's own."),
    ErrorCode.RECEIPT_ALREADY_POSTED: N_("This receipt number is taken. Look it up in the list, or use another."),
    ErrorCode.REDEEM_OVER_BALANCE: N_("The balance is lower than that. Choose a smaller amount."),
    ErrorCode.REDEEM_OVER_CAP: N_("That is more than can be spent on this purchase. Choose a smaller amount."),
    ErrorCode.REDEEM_NOT_ALLOWED: N_("You need a fresh code to spend cashback. Scan the code on the member's screen."),
    ErrorCode.CONFIRMATION_NEEDED: N_("The member has to allow that much on her own phone. Ask for it, or spend less."),
    ErrorCode.CONFIRMATION_OVER: N_("This request is over. It was answered, taken back, or came too late."),
    ErrorCode.BUDGET_USED_UP: N_("This offer's budget is used up. You can go on without it."),
    ErrorCode.ALREADY_REFUNDED: N_("This was taken back before. Open the purchase to see when."),
    ErrorCode.REFUND_OVER_PURCHASE: N_("That is more than was bought. Choose a smaller number."),
    ErrorCode.OWN_ACCOUNT: N_("This is your own account, or one linked to you. Ask a colleague to serve it."),
    ErrorCode.APPROVAL_NEEDED: N_("This needs a supervisor. Ask one to enter their number and PIN."),
    ErrorCode.APPROVAL_WRONG: N_("This number and PIN cannot approve it. Ask another supervisor or manager."),
    ErrorCode.SPEND_NEW_DEVICE: N_("This phone is new to the account. It can earn now, and spend later."),
    ErrorCode.MEMBER_UNKNOWN: N_("No member has this contact. Check it, or add a new member."),
    ErrorCode.MEMBER_EXISTS: N_("Someone has joined with this contact already. Look the member up instead."),
    ErrorCode.STAFF_NUMBER_TAKEN: N_("Somebody at this store has this number. Choose another."),
    ErrorCode.SETTINGS_CHANGED: N_("Somebody changed the settings meanwhile. Look at them, then set yours."),
    ErrorCode.ALREADY_DECIDED: N_("Somebody has decided this already. Look at the list again."),
    ErrorCode.SHIFT_OPEN: N_("A shift is open at this store. Close it before you open another."),
    ErrorCode.SHIFT_CLOSED: N_("This shift is closed already. Look at the list of shifts."),
    ErrorCode.NO_EMAIL: N_("This member has no e-mail address. Print the receipt instead."),
    ErrorCode.VERSION_NOT_NEXT: N_("Someone has changed this meanwhile. Look at the newest version and try again."),
    ErrorCode.STATE_NOT_ALLOWED: N_("The campaign cannot go that way from where it is. Look at its state first."),
    ErrorCode.OFFER_ENDED: N_("This offer has ended. Look at your other offers."),
    ErrorCode.FILE_HEADER_WRONG: N_("The file's column names are wrong. Compare its first line with the guide."),
    ErrorCode.FILE_ENCODING_WRONG: N_("The file's letters cannot be read. Save it as UTF-8 and try again."),
    ErrorCode.TERMS_REQUIRED: N_("You are new here. Read the terms and accept them to join."),
    ErrorCode.BIRTHDAY_SET: N_("Your birthday is set already. Ask in a store to have it mended."),
    ErrorCode.CLAIM_TOO_LATE: N_("This purchase is too long ago for a claim. Ask in a store instead."),
    ErrorCode.CLAIM_MADE: N_("You have asked about this already. Look at your claims."),
    ErrorCode.FEEDBACK_CLOSED: N_("This was said more than a day ago. It cannot be changed any more."),
    ErrorCode.EXPORT_UNFINISHED: N_("Your copy is not ready yet. Wait a moment and try again."),
    ErrorCode.OFFLINE: N_("No answer came. Check your connection and try again."),
    ErrorCode.KIT_TOO_OLD: N_("This till was without a network for too long. Connect it, then scan again."),
    ErrorCode.QUEUE_FULL: N_("Too many receipts wait on this till. Connect it, so that they can be sent."),
}
_FIELDS = {
    "unit_price": N_("Check the price: it must be above zero and not too large."),
    "redeem": N_("Check the amount to spend: it cannot be used as it is."),
    "quantity": N_("Check the quantity: it must be at least 1."),
    "discount": N_("Check the discount: it cannot be more than the price."),
    "name": N_("Give each item a name."),
    "lines": N_("Add at least one item."),
    "receipt_number": N_("Check the receipt number: it cannot be used as it is."),
    "contact": N_("Enter an e-mail address, or a phone number with its country code."),
    "code": N_("Check the code: enter all of its digits."),
    "pin": N_("Check the PIN: it has 4 to 8 digits."),
    "staff_number": N_("Check the staff number: it has 1 to 8 digits."),
    "reason": N_("The reason is too long. Use fewer words."),
}


def problem(texts: Speaker, problem: Problem | ErrorCode) -> str:
    """What was refused, and the way out."""
    if isinstance(problem, ErrorCode):
        return texts.t(_PROBLEMS.get(problem, _PROBLEMS[ErrorCode.UNEXPECTED]))
    special = _WITH_FIGURES.get(problem.code)
    said = special(texts, problem) if special is not None else None
    return texts.t(_PROBLEMS.get(problem.code, _PROBLEMS[ErrorCode.UNEXPECTED])) if said is None else said


def _number(problem: Problem, *names: str) -> int | None:
    found = (problem.params.get(name) for name in names)
    return next((value for value in found if isinstance(value, int)), None)


def _field(texts: Speaker, problem: Problem) -> str | None:
    for error in problem.errors:
        for part in reversed(error.field.split(".")):
            if part in _FIELDS:
                return texts.t(_FIELDS[part])
    return None


def _too_often(texts: Speaker, problem: Problem) -> str | None:
    if problem.params.get("of") == "network":
        return texts.t("Too many codes were asked for from this network. Try again later, or by another network.")
    seconds = _number(problem, "seconds", "retry_after")
    if seconds is None:
        return None
    if seconds > 90:
        return texts.n(
            "That was too often. Wait {n} minute and try again.",
            "That was too often. Wait {n} minutes and try again.",
            -(-seconds // 60),
        )
    return texts.n(
        "That was too often. Wait {n} second and try again.",
        "That was too often. Wait {n} seconds and try again.",
        seconds,
    )


def _locked(texts: Speaker, problem: Problem) -> str | None:
    minutes = _number(problem, "minutes")
    if minutes is None:
        return None
    return texts.n(
        "There were too many wrong PINs. Wait {n} minute, or ask your manager.",
        "There were too many wrong PINs. Wait {n} minutes, or ask your manager.",
        minutes,
    )


def _over(texts: Speaker, problem: Problem) -> str | None:
    most, currency = _number(problem, "most", "available"), problem.params.get("currency")
    if most is None or not isinstance(currency, str):
        return None
    return texts.t("At most {most} can be spent here. Choose that or less.", most=texts.money(_money(most, currency)))


def _left(texts: Speaker, problem: Problem) -> str | None:
    left = _number(problem, "left")
    if not left:
        return None
    return texts.n(
        "Only {n} of this item can still be taken back.", "Only {n} of this item can still be taken back.", left
    )


def _reference(texts: Speaker, problem: Problem) -> str | None:
    reference = problem.params.get("reference")
    if not reference:
        return None
    return texts.t(
        "Something went wrong on our side. Try again, or tell us this number: {reference}.",
        reference=reference,
    )


def _money(amount: int, currency: str) -> Money:
    return Money(amount=amount, currency=currency)


_WITH_FIGURES: dict[ErrorCode, Callable[[Speaker, Problem], str | None]] = {
    ErrorCode.INVALID_INPUT: _field,
    ErrorCode.TOO_MANY_REQUESTS: _too_often,
    ErrorCode.PIN_LOCKED: _locked,
    ErrorCode.REDEEM_OVER_BALANCE: _over,
    ErrorCode.REDEEM_OVER_CAP: _over,
    ErrorCode.REFUND_OVER_PURCHASE: _left,
    ErrorCode.UNEXPECTED: _reference,
}
