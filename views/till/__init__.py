"""What the till's screens share: the sale in hand, fields that keep what is typed, keys, the live quote."""
