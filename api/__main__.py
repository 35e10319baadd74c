"""`python -m api`: the API alone, and what an operator does beside it."""

from __future__ import annotations

from api.cli import main

if __name__ == "__main__":
    main()
