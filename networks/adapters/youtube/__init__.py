"""YouTube, through google-api-python-client."""

from networks.adapters.youtube.adapter import Adapter

__all__ = ["Adapter"]
