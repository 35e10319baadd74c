"""The till: who is here, what would this earn, post it, take it back."""
