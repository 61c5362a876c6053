"""Formats from elsewhere, read for the shop window."""
