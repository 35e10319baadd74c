"""Limits of a programme, what breaks them, and what a manager decides about it."""
