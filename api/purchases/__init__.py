"""Purchases as a shopper and a till read them; only the ledger writes them."""
