"""The mould for networks that a workspace describes itself."""

from networks.adapters.byhand.mould import Mould

__all__ = ["Mould"]
