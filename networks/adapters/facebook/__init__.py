"""Facebook Pages."""

from networks.adapters.facebook.adapter import Adapter

__all__ = ["Adapter"]
