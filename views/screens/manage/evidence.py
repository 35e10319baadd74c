"""What an entry of the trail says beside who and when, in words."""

from __future__ import annotations

from contract.audit import AuditEntry
from contract.money import Money
from contract.reviews import SettingsBody
from services.texts import Texts
from views.screens.manage import spending_limits
from views.screens.manage.limits import groups
from views.till.holds import kind_name
from views.ui.roles import role_name

_AS_WRITTEN = ("receipt_number", "name", "reason", "note")


def evidence(texts: Texts, entry: AuditEntry, currency: str) -> list[str]:
    """The figures and words of an act; what nobody would understand is left out."""
    found = entry.evidence
    if entry.action == "settings":
        return _limits(texts, entry, currency)
    if entry.action == "rules":
        return _spending(texts, entry, currency)
    said = [_decision(texts, str(found.get("decision", "")))]
    if "kind" in found:
        said.append(kind_name(texts, str(found["kind"])))
    if "role" in found:
        said.append(role_name(texts, str(found["role"])))
    if "pin" in found:
        said.append(texts.t("new PIN"))
    if "active" in found:
        said.append(texts.t("works here again") if found["active"] else texts.t("no longer works here"))
    return [part for part in (*said, *(str(found.get(name, "")) for name in _AS_WRITTEN)) if part]


def _decision(texts: Texts, decision: str) -> str:
    return {"cleared": texts.t("Cleared"), "rejected": texts.t("Rejected")}.get(decision, "")


def _limits(texts: Texts, entry: AuditEntry, currency: str) -> list[str]:
    """Each limit that was changed, and what it is now."""
    called = {name: (words, amount) for _, fields in groups(texts) for name, words, amount in fields}
    said = []
    for name, change in entry.evidence.items():
        if name not in called or name not in SettingsBody.model_fields or not isinstance(change, list):
            continue
        words, amount = called[name]
        value = change[-1]
        shown = texts.money(Money(amount=value, currency=currency)) if amount else str(value)
        said.append(texts.t("{limit}: {value}", limit=words, value=shown))
    return said


def _spending(texts: Texts, entry: AuditEntry, currency: str) -> list[str]:
    """Each limit of spending that was changed, and what it is now."""
    limits = [limit for _, group in spending_limits.groups(texts) for limit in group if limit.name in entry.evidence]
    changes = [(limit, entry.evidence[limit.name]) for limit in limits]
    return [
        texts.t("{limit}: {value}", limit=limit.called, value=limit.said(texts, change[-1], currency))
        for limit, change in changes
        if isinstance(change, list) and isinstance(change[-1], int | None)
    ]
