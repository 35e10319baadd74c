"""What happens by the clock: pending cashback becomes available, old cashback expires."""
