"""Campaign versions of a programme, cached in the process, and what the rules may know of a member."""
