"""Offers: live campaigns as one member sees them, and activating them."""
