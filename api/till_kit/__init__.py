"""What a till keeps to work without a network, and what becomes of the receipts that it queued meanwhile."""
