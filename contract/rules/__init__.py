"""The rules calculator: one pure function that the API, the till and the app all call."""

from contract.rules.quoting import Given, WrittenQuote, quote, written_quote
from contract.rules.spending import may_spend, may_spend_points, points_worth

__all__ = ["Given", "WrittenQuote", "may_spend", "may_spend_points", "points_worth", "quote", "written_quote"]
