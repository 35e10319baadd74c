"""The two frames: the shopper's and the staff's."""

from __future__ import annotations

import flet as ft

from views.session import use_session, use_texts, use_width
from views.ui.shell import Destination, frame, use_guard, waiting

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


@ft.component
def ShopperShell() -> ft.View:
    """Around a shopper's screen. Below 840 a detail is a page of its own, with its own way back."""
    session, texts, width = use_session(), use_texts(), use_width()
    content, path = ft.use_route_outlet(), ft.use_view_path()
    if not use_guard("member"):
        return waiting(path)
    title = back = None
    if path == "/statement":
        title, back = texts.t("Wallet"), "/"
    elif path.startswith("/terms/"):
        title, back = texts.t("Purchases"), "/purchases"
    elif path.startswith("/offers/"):
        title = texts.t("Offer")
    elif path.startswith("/purchases/"):
        title = texts.t("Purchase")
    shown = path if width != "expanded" or back else "/" + path.strip("/").split("/")[0]
    return frame(session, texts, width, SHOPPER, shown, content, title=title, back=back)


@ft.component
def StaffShell() -> ft.View:
    """Around a staff screen. Basket and receipt have an arrow back to the scan."""
    session, texts, width = use_session(), use_texts(), use_width()
    content, path = ft.use_route_outlet(), ft.use_view_path()
    if not use_guard("staff"):
        return waiting(path)
    if path.startswith("/till/basket"):
        return frame(session, texts, width, STAFF, path, content, title=texts.t("Basket"), back="/till")
    if path.startswith("/till/receipt/"):
        return frame(session, texts, width, STAFF, path, content, title=texts.t("Receipt"), back="/till")
    return frame(session, texts, width, STAFF, path, content)
