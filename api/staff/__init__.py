"""The people of a store: their administration, a quick change at the till, and what needs two of them."""
