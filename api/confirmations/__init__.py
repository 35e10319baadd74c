"""Spending above a limit: a till asks, the member answers on her own device, and the purchase uses that up."""
