"""X, through tweepy."""

from networks.adapters.x.adapter import Adapter

__all__ = ["Adapter"]
