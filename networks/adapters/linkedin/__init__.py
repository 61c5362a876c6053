"""LinkedIn pages."""

from networks.adapters.linkedin.adapter import Adapter

__all__ = ["Adapter"]
