"""What can be done in the shop window."""

from smo.actions.links import lead, shorten

__all__ = ["lead", "shorten"]
