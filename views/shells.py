"""The two frames: the shopper's and the staff's."""

from __future__ import annotations

import flet as ft

from services.texts import Texts
from views.screens.privacy import Stay
from views.session import use_session, use_texts, use_width
from views.state import use_slice
from views.till.locking import Locked, use_lock
from views.tokens import Size
from views.ui.shell import Destination, frame, use_guard, waiting
from views.ui.shortcuts import use_shortcuts

SHOPPER = (
    Destination(
        "/", ft.Icons.ACCOUNT_BALANCE_WALLET_OUTLINED, ft.Icons.ACCOUNT_BALANCE_WALLET, lambda x: x.t("Wallet")
    ),
    Destination("/offers", ft.Icons.LOCAL_OFFER_OUTLINED, ft.Icons.LOCAL_OFFER, lambda x: x.t("Offers")),
    Destination("/purchases", ft.Icons.RECEIPT_LONG_OUTLINED, ft.Icons.RECEIPT_LONG, lambda x: x.t("Purchases")),
    Destination("/me", ft.Icons.PERSON_OUTLINE, ft.Icons.PERSON, lambda x: x.t("Me")),
)

STAFF = (
    Destination("/till", ft.Icons.QR_CODE_SCANNER, ft.Icons.QR_CODE_SCANNER, lambda x: x.t("Scan")),
    Destination("/till/refund", ft.Icons.UNDO, ft.Icons.UNDO, lambda x: x.t("Refund")),
    Destination("/till/day", ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY, lambda x: x.t("Today")),
)
MANAGER = (
    *STAFF,
    Destination("/till/manage", ft.Icons.TUNE, ft.Icons.TUNE, lambda x: x.t("Manage")),
)


@ft.component
def ShopperShell() -> ft.View:
    """Around a shopper's screen. Below 840 a detail is a page of its own, with its own way back."""
    session, texts, width = use_session(), use_texts(), use_width()
    content, path = ft.use_route_outlet(), ft.use_view_path()
    use_shortcuts()
    if not use_guard("member"):
        return waiting(path)
    profile = use_slice(session.store.who).profile
    if profile is not None and profile.leaving_at is not None:
        return frame(session, texts, width, SHOPPER, "/me", Stay(profile.leaving_at))
    title = back = None
    if path.startswith("/me/"):
        title, back = my_title(texts, path)
    elif path == "/statement":
        title, back = texts.t("Statement"), "/"
    elif path.startswith("/terms/"):
        title, back = texts.t("Terms"), "/purchases"
    elif path.startswith("/offers/"):
        title = texts.t("Offer")
    elif path.startswith("/purchases/"):
        title = texts.t("Purchase")
    shown = path if width != "expanded" or back else "/" + path.strip("/").split("/")[0]
    return frame(session, texts, width, SHOPPER, shown, content, title=title, back=back, most=Size.CONTENT)


def my_title(texts: Texts, path: str) -> tuple[str, str]:
    """What a screen under Me is called, and where its way back leads."""
    names = {
        "/me/profile": (texts.t("Profile"), "/me"),
        "/me/devices": (texts.t("Your devices"), "/me"),
        "/me/privacy": (texts.t("Your data"), "/me"),
        "/me/consents": (texts.t("What we may send"), "/me/privacy"),
        "/me/leave": (texts.t("Delete my account"), "/me/privacy"),
        "/me/claims": (texts.t("Your claims"), "/me"),
        "/me/claims/new": (texts.t("A purchase is missing"), "/me/claims"),
        "/me/help": (texts.t("Help"), "/me"),
        "/me/terms": (texts.t("Terms"), "/me"),
    }
    return names.get(path, (texts.t("Me"), "/me"))


@ft.component
def StaffShell() -> ft.View:
    """Around a staff screen. Basket and receipt have an arrow back to the scan."""
    session, texts, width = use_session(), use_texts(), use_width()
    content, path = ft.use_route_outlet(), ft.use_view_path()
    staff, locked = use_slice(session.store.who).staff, use_lock(path)
    if not use_guard("staff"):
        return waiting(path)
    if locked:
        return Locked(path)
    places = MANAGER if staff is not None and staff.role == "manager" else STAFF
    named = till_title(texts, path)
    if named is not None:
        most = till_width(path)
        return frame(session, texts, width, places, path, content, title=named[0], back=named[1], most=most)
    return frame(session, texts, width, places, path, content)


def till_title(texts: Texts, path: str) -> tuple[str, str] | None:
    """What a screen under the till is called, and where its way back leads; None for a place of the bar itself."""
    names = {"/till/queue": texts.t("Queue"), "/till/join": texts.t("A new member"), "/till/basket": texts.t("Basket")}
    if path in names:
        return names[path], "/till"
    if path == "/till/device":
        return texts.t("This till"), "/till"
    if path == "/till/credit":
        return texts.t("Cashback by hand"), "/till/basket"
    if path.startswith("/till/manage/"):
        return place_title(texts, path), "/till/manage"
    if path.startswith("/till/refund/"):
        return texts.t("Refund"), "/till/refund"
    if path.startswith("/till/day/"):
        return texts.t("Shift"), "/till/day"
    if path.startswith(("/till/receipt/", "/till/queue/")):
        return texts.t("Receipt"), "/till"
    return None


def till_width(path: str) -> int | None:
    """How wide a screen under the till is in the middle of a desktop; None for one that takes all there is."""
    if path in {"/till/basket", "/till/manage/offline"} or path.startswith("/till/refund/"):
        return None
    narrow = path in {"/till/credit", "/till/join"} or path.startswith(("/till/receipt/", "/till/queue/"))
    return Size.NARROW if narrow else Size.CONTENT


def place_title(texts: Texts, path: str) -> str:
    """What one of the manager's places is called."""
    names = {
        "reviews": texts.t("Reviews"),
        "claims": texts.t("Claims"),
        "feedback": texts.t("Feedback"),
        "staff": texts.t("Staff"),
        "catalogue": texts.t("Products"),
        "settings": texts.t("Limits"),
        "spending": texts.t("Spending"),
        "trail": texts.t("Trail"),
        "offline": texts.t("Without a network"),
    }
    return names.get(path.rsplit("/", 1)[-1], texts.t("Manage"))
