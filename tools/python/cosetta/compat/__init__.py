"""Doors for users of other programs."""
