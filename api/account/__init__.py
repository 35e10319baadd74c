"""What a member may change of herself, and leaving."""
