"""The signed-in member's own: profile, changes, purchases."""
