"""Claims of members, and what the manager decides about them."""
