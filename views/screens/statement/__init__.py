"""The statement: every movement of the wallet with the balance after it, and a file of it to keep."""

from views.screens.statement.screen import Statement

__all__ = ["Statement"]
