"""What a role is called."""

from __future__ import annotations

from services.texts import Texts


def role_name(texts: Texts, role: str) -> str:
    """A role in the reader's language."""
    names = {"cashier": texts.t("Cashier"), "supervisor": texts.t("Supervisor"), "manager": texts.t("Manager")}
    return names.get(role) or texts.t("Member of staff")
