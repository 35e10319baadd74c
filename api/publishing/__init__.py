"""What managers publish: campaigns, the programme's own rules, and tiers; each change is a version."""
