"""The people whom a newcomer may be, in demo mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PROGRAMME = "aurora"


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone of the demo programme: a member by contact, or staff by store and number."""

    persona: str
    name: str
    kind: Literal["member", "staff"]
    hint: str
    contact: str = ""
    store_id: str = ""
    staff_number: str = ""


PERSONAS = (
    Persona("ana", "Ana Souza", "member", "A shopper who buys every week", contact="ana@example.com"),
    Persona("bruno", "Bruno Lima", "member", "A shopper who has just begun", contact="bruno@example.com"),
    Persona("leo", "Leo", "staff", "A cashier at the till in Centro", store_id="centro", staff_number="1001"),
    Persona("rosa", "Rosa", "staff", "The supervisor in Centro", store_id="centro", staff_number="5001"),
    Persona("marta", "Marta", "staff", "The manager in Centro", store_id="centro", staff_number="9001"),
)


def find(name: str) -> Persona | None:
    """The persona with a name, or None."""
    return next((each for each in PERSONAS if each.persona == name), None)
