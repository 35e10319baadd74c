"""The devices on which a member is signed in."""
