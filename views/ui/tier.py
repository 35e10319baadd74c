"""The member's tier: the ring fills on the way to the next, and a notice says ahead what would be lost."""

from __future__ import annotations

import flet as ft

from contract.members import Profile
from contract.tiers import TierNotice, TierStanding
from services.texts import Texts
from views.tokens import Color, Size, Space
from views.ui.cards import card
from views.ui.ring import ring, share_bp
from views.ui.words import caption, label, text, title


def tier_card(texts: Texts, profile: Profile | None) -> list[ft.Control]:
    """A card with the tier, the way to the next and the notice; nothing where the programme has no tiers."""
    tier = profile.tier if profile else None
    if tier is None or (tier.name is None and tier.next_name is None):
        return []
    head = ft.Row(
        [
            _ring(texts, tier),
            ft.Column(
                [
                    *_name(texts, tier),
                    *(label(line) for line in _way(texts, tier)),
                    *(caption(line) for line in _counted(texts, tier)),
                ],
                spacing=Space.XS,
                tight=True,
                expand=True,
            ),
        ],
        spacing=Space.L,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    parts = [head, *([_notice(texts, tier, tier.notice)] if tier.notice else [])]
    return [
        card(
            ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            key="tier",
        )
    ]


def _name(texts: Texts, tier: TierStanding) -> list[ft.Control]:
    if tier.name is None:
        return []
    lines: list[ft.Control] = [title(tier.name)]
    if tier.until is not None and tier.notice is None:
        lines.append(caption(texts.t("Yours until {date} at least", date=texts.date(tier.until))))
    return lines


def _way(texts: Texts, tier: TierStanding) -> list[str]:
    """How much more reaches the next tier."""
    if tier.missing is None or tier.next_name is None:
        return [texts.t("The highest tier")]
    missing = texts.money(tier.missing)
    if tier.counts == "earned":
        return [texts.t("Earn {missing} more to reach {tier}", missing=missing, tier=tier.next_name)]
    if tier.counts == "spent":
        return [texts.t("Spend {missing} more to reach {tier}", missing=missing, tier=tier.next_name)]
    return [texts.t("{missing} more to reach {tier}", missing=missing, tier=tier.next_name)]


def _counted(texts: Texts, tier: TierStanding) -> list[str]:
    amount = texts.money(tier.amount)
    match (tier.counts, tier.period):
        case ("spent", "rolling_year"):
            return [texts.t("{amount} spent in the last 12 months", amount=amount)]
        case ("spent", "calendar_year"):
            return [texts.t("{amount} spent this year", amount=amount)]
        case ("spent", _):
            return [texts.t("{amount} spent so far", amount=amount)]
        case ("earned", "rolling_year"):
            return [texts.t("{amount} earned in the last 12 months", amount=amount)]
        case ("earned", "calendar_year"):
            return [texts.t("{amount} earned this year", amount=amount)]
        case ("earned", _):
            return [texts.t("{amount} earned so far", amount=amount)]
    return []


def _ring(texts: Texts, tier: TierStanding) -> ft.Control:
    """Filled by what counts of the next threshold; full at the top."""
    medal = ft.Icon(ft.Icons.WORKSPACE_PREMIUM, size=Size.ICON, color=Color.BRAND)
    if tier.threshold is None:
        return ring(10_000, texts.t("The highest tier"), inside=medal)
    spoken = texts.t(
        "{amount} of {threshold} on the way to {tier}",
        amount=texts.money(tier.amount),
        threshold=texts.money(tier.threshold),
        tier=tier.next_name or "",
    )
    return ring(share_bp(tier.amount.amount, tier.threshold.amount), spoken, inside=medal)


def _notice(texts: Texts, tier: TierStanding, notice: TierNotice) -> ft.Control:
    return ft.Container(
        content=ft.Row(
            [
                ft.Icon(ft.Icons.HOURGLASS_BOTTOM, size=Size.ICON_SMALL, color=Color.ON_WARM_SOFT),
                text(notice_sentence(texts, tier, notice), color=Color.ON_WARM_SOFT, expand=True),
            ],
            spacing=Space.S,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        bgcolor=Color.WARM_SOFT,
        border_radius=Size.RADIUS,
        padding=Space.M,
    )


def notice_sentence(texts: Texts, tier: TierStanding, notice: TierNotice) -> str:
    """What will be left, when, and what would keep it."""
    name, day = tier.name or "", texts.date(notice.leaves_at)
    if notice.missing is None or tier.counts not in {"spent", "earned"}:
        return texts.t("You will leave {tier} on {date}.", tier=name, date=day)
    missing = texts.money(notice.missing)
    if tier.counts == "earned":
        return texts.t(
            "You will leave {tier} on {date} unless you earn {missing} more.", tier=name, date=day, missing=missing
        )
    return texts.t(
        "You will leave {tier} on {date} unless you spend {missing} more.", tier=name, date=day, missing=missing
    )
