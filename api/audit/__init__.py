"""The audit trail: append-only by privilege; written with the act, by triggers where the act is one row."""
