"""Myspace profiles, by hand."""

from networks.adapters.myspace.adapter import Adapter

__all__ = ["Adapter"]
