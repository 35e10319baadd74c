"""What this app says of something that only a newer one knows."""

from __future__ import annotations

from services.texts import Texts


def newer(texts: Texts) -> str:
    """In place of a word that is not known here."""
    return texts.t("A newer version of this app can say more.")
