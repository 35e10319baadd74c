"""A store's working day, and the receipts that leave it on paper or by mail."""
