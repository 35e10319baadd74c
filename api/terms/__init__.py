"""The terms of campaign versions, for anyone, for ever."""
