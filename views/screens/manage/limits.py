"""The limits of the programme's tills, by what they are about, and what each is called."""

from __future__ import annotations

from services.texts import Texts


def groups(texts: Texts) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The settings by what they are about: (name in the body, what it is called, whether it is an amount)."""
    return [
        (
            texts.t("At the till"),
            [
                ("refund_limit", texts.t("A refund above this needs a supervisor"), True),
                ("lock_after_minutes", texts.t("Lock an idle till after so many minutes"), False),
                ("confirm_seconds", texts.t("Seconds that a member has to allow spending"), False),
            ],
        ),
        (
            texts.t("A new phone"),
            [("new_device_hours", texts.t("Earns at once, spends after so many hours"), False)],
        ),
        (
            texts.t("Hold a purchase for review above this"),
            [
                ("member_purchases_per_hour", texts.t("Purchases of one member in an hour"), False),
                ("member_purchases_per_day", texts.t("Purchases of one member in a day"), False),
                ("member_amount_per_day", texts.t("Cashback of one member in a day"), True),
                ("same_pair_per_day", texts.t("Purchases of one member with one cashier in a day"), False),
                ("cashier_purchases_per_hour", texts.t("Purchases of one cashier in an hour"), False),
                ("cashier_amount_per_day", texts.t("Cashback given by one cashier in a day"), True),
                ("till_purchases_per_hour", texts.t("Purchases at one till in an hour"), False),
                ("refunds_per_week", texts.t("Refunds of one member in a week"), False),
            ],
        ),
    ]
