"""What a member allows, and the copy of all that is stored of her."""
