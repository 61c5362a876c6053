"""WordPress blogs at their owners' own addresses."""

from networks.adapters.wordpress.adapter import Adapter

__all__ = ["Adapter"]
