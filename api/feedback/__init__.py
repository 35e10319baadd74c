"""What members say of their purchases."""
