"""Cashback by month, for the chart of a wallet and the headings of a history."""
