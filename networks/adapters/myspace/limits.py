"""What we let through to Myspace. It publishes no figures, so these are our own, and none of them is sure."""

from __future__ import annotations

from networks.fits import MB
from networks.protocol import Counting, Fact, Limits

READ = "2026-11-24"
_OURS = Fact("myspace.com publishes no figure; ours, on the careful side", READ, sure=False)
_HANDLE = Fact("profile addresses of the form myspace.com/name, as seen on public pages", READ, sure=False)

LIMITS = Limits(
    text=500,
    counting=Counting.GRAPHEMES,
    fold_characters=150,
    images=1,
    image_bytes=5 * MB,
    image_types=("image/jpeg", "image/png"),
    alt=420,
    handle=r"[A-Za-z0-9._-]{1,60}",
    facts={
        "text": _OURS,
        "counting": _OURS,
        "fold_characters": _OURS,
        "images": _OURS,
        "image_bytes": _OURS,
        "image_types": _OURS,
        "alt": _OURS,
        "handle": _HANDLE,
    },
)
