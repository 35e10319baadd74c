"""The sign-in of this device: tokens, whose they are, and the code secret; all kept in the vault."""

from __future__ import annotations

import hashlib
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from contract.members import CodeSecret
from contract.sign_in import Session
from contract.till_kit import TillKey
from services.vault import Vault

_Kept = TypeVar("_Kept", bound=BaseModel)

SIGN_IN = "kierto.sign_in"
CODE_SECRET = "kierto.code_secret"  # noqa: S105 - the name of a place, not a secret

TILL_KEY = "kierto.till_key"


class SignedIn(BaseModel):
    """What a device needs to act for someone. Its representation shows no token."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    access_token: str
    refresh_token: str
    kind: Literal["member", "staff"]
    account: str
    """Names the cache file; says nothing about the person."""

    def __repr__(self) -> str:
        return f"SignedIn({self.kind}, {self.account})"

    __str__ = __repr__


class Keys:
    """Keeps the sign-in in memory and in the vault, in step."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.signed_in: SignedIn | None = None
        self.code_secret: CodeSecret | None = None
        self.till_key: TillKey | None = None
        self._kept = True

    async def load(self) -> SignedIn | None:
        """Read the vault; what cannot be read counts as not there."""
        self.signed_in = _read(SignedIn, await self._vault.get(SIGN_IN))
        self.code_secret = _read(CodeSecret, await self._vault.get(CODE_SECRET))
        self.till_key = _read(TillKey, await self._vault.get(TILL_KEY))
        return self.signed_in

    async def reload_tokens(self) -> None:
        """Take over newer tokens that another window of this device has put into the vault."""
        if not self._kept:
            return
        newer = _read(SignedIn, await self._vault.get(SIGN_IN))
        if newer is not None and self.signed_in is not None and newer.account == self.signed_in.account:
            self.signed_in = newer

    async def take(self, session: Session) -> SignedIn:
        """Keep a new session: after a sign-in, or after a refresh."""
        signed_in = SignedIn(
            access_token=session.access_token,
            refresh_token=session.refresh_token,
            kind=session.kind,
            account=_account(session),
        )
        self.signed_in = signed_in
        if session.code_secret is not None:
            self.code_secret = session.code_secret
        if session.till_key is not None:
            self.till_key = session.till_key
        if self._kept:
            await self._vault.set(SIGN_IN, signed_in.model_dump_json())
            if session.code_secret is not None:
                await self._vault.set(CODE_SECRET, session.code_secret.model_dump_json())
            if session.till_key is not None:
                await self._vault.set(TILL_KEY, session.till_key.model_dump_json())
        return signed_in

    def let_go(self) -> Keys:
        """The same tokens, no longer in step with the vault: for a last word to the API after a wipe."""
        loose = Keys(self._vault)
        loose.signed_in, loose._kept = self.signed_in, False
        return loose

    async def wipe(self) -> None:
        """Forget everything, in memory and in the vault."""
        self.signed_in = None
        self.code_secret = None
        self.till_key = None
        await self._vault.delete(SIGN_IN)
        await self._vault.delete(CODE_SECRET)
        await self._vault.delete(TILL_KEY)


def _account(session: Session) -> str:
    if session.member is not None:
        who = f"member/{session.member.programme.programme_id}/{session.member.member_id}"
    elif session.staff is not None:
        who = f"staff/{session.staff.store_id}/{session.staff.staff_id}"
    else:
        raise ValueError("a session is for a member or for staff")
    return f"{session.kind}-{hashlib.sha256(who.encode()).hexdigest()[:16]}"


def _read(model: type[_Kept], text: str | None) -> _Kept | None:
    if text is None:
        return None
    try:
        return model.model_validate_json(text)
    except ValidationError:
        return None
