"""A member's statement and past balances: read from the journal, which only the ledger writes."""
