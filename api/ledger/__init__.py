"""The ledger: purchases, refunds and due dates, all through its SQL functions."""
