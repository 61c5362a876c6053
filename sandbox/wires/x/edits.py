"""X's edits: each keeps an id and words of its own, and every one of them tells the ids of all."""

from __future__ import annotations

from sandbox.nouns import Post
from sandbox.world import World


def ids(post: Post) -> list[str]:
    """The first id and those of its edits, in their order."""
    return [str(version["id"]) for version in post.extra.get("versions", [])] or [post.id]


def words(post: Post, id: str) -> str:
    """What the edit `id` of a post says."""
    found = (version for version in post.extra.get("versions", []) if version["id"] == id)
    return next((str(version["text"]) for version in found), post.text)


def post_with(world: World, id: str) -> Post | None:
    """The post of which `id` is the first or a later edit; looks at all only for a later one."""
    found = world.get(Post, "x", id)
    return found or next((post for post in world.all(Post, "x") if id in ids(post)), None)
