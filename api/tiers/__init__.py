"""Tiers: who stands where, worked out set by set, and the programme's ladders."""
