"""The catalogue of a programme: products by their code, categories, and the files that bring them."""
