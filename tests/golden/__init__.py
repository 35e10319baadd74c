"""Golden cases: baskets and what they must earn, worked out by hand from the product's sentences."""
