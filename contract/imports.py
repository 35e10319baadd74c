"""Importing past purchases: what came of a file."""

from __future__ import annotations

from pydantic import Field

from contract.base import Answer
from contract.money import Money


class RefusedRow(Answer):
    """One row of the file that was not taken, and why. A row may appear once for each thing wrong with it."""

    line: int = Field(description="The row's first line in the file, from 1; the header is line 1.")
    receipt_number: str
    column: str = Field(description="The column at fault; empty where it is the whole row or receipt.")
    reason: str


class ImportReport(Answer):
    """`POST /v1/programme/imports`: what was posted, what was there before, and what was refused."""

    receipts_posted: int = 0
    receipts_already_there: int = 0
    receipts_refused: int = 0
    rows_refused: int = 0
    members_created: int = 0
    cashback_issued: Money
    refused: list[RefusedRow] = Field(
        default_factory=list, description="The first 1,000 reasons; the command line writes all of them to a file."
    )
