"""What fits on a WordPress blog, and why a post would not."""

from __future__ import annotations

from datetime import timedelta

from networks.protocol import Content, Counting, Fact, Limits, MediaKind, Misfit, Option
from networks.text import utf16_units

READ_ON = "2026-11-24"
HANDBOOK = "https://developer.wordpress.org/rest-api"
MEASURED = "a real WordPress 6.1.9, 6.8.12 and 7.1.4"
MB = 1024**2
LISTING_LAG = timedelta(seconds=5)
SLUG = 200
EXCERPT = 600
TERMS = 300

LIMITS = Limits(
    text=200_000,
    counting=Counting.CHARACTERS,
    fold_characters=300,
    title=200,
    title_required=True,
    comment=65_525,
    images=20,
    image_bytes=10 * MB,
    image_types=("image/jpeg", "image/png", "image/gif", "image/webp"),
    alt=1_000,
    facts={
        "text": Fact("our own: the column holds 4 GB, a host's PHP takes 8 MB in one request", READ_ON, sure=False),
        "fold_characters": Fact(
            f"{HANDBOOK}/reference/posts: an excerpt that nobody wrote is the first 55 words", READ_ON, sure=False
        ),
        "title": Fact("wp_posts.post_name is varchar(200), and the address is made of the title", READ_ON, sure=False),
        "title_required": Fact("our own: WordPress takes a post without one, readers find no way in", READ_ON),
        "comment": Fact("wp_get_comment_fields_max_lengths(): 65525", READ_ON),
        "images": Fact("our own: each is an upload of its own", READ_ON, sure=False),
        "image_bytes": Fact("our own: upload_max_filesize is the host's, often 8 MB or more", READ_ON, sure=False),
        "image_types": Fact(f"wp_get_mime_types(), tried on {MEASURED}", READ_ON),
        "alt": Fact("our own: _wp_attachment_image_alt is longtext", READ_ON, sure=False),
    },
)

OPTIONS = (
    Option(
        "status",
        "On the blog",
        choices=(("publish", "Published at once"), ("draft", "Kept as a draft"), ("pending", "Waiting for an editor")),
        default="publish",
    ),
    Option("categories", "Categories", longest=TERMS, hint="News, Recipes"),
    Option("tags", "Tags", longest=TERMS, hint="coffee, jakarta"),
    Option("excerpt", "Excerpt", longest=EXCERPT, hint="What lists and search results show"),
    Option("slug", "Address of the post", longest=SLUG, hint="cold-brew-at-home"),
    Option("comments_closed", "No comments below it"),
)


def count(text: str) -> int:
    return utf16_units(text)


def misfits(content: Content) -> list[Misfit]:
    """Why a blog would not take this post; empty when it fits."""
    found: list[Misfit] = []
    if count(content.text) > LIMITS.text:
        found.append(Misfit("text", "The text is too long for one post.", LIMITS.text, count(content.text)))
    if not (content.text.strip() or content.link or content.media):
        found.append(Misfit("text", "A blog post needs words or a picture."))
    if not content.title.strip():
        found.append(Misfit("title", "A blog post needs a title."))
    if count(content.title) > LIMITS.title:
        found.append(Misfit("title", "The title is too long for a blog post.", LIMITS.title, count(content.title)))
    return found + _media_misfits(content)


def _media_misfits(content: Content) -> list[Misfit]:
    found: list[Misfit] = []
    if len(content.media) > LIMITS.images:
        found.append(Misfit("media", "That is more pictures than fit here.", LIMITS.images, len(content.media)))
    for media in content.media:
        if media.kind is not MediaKind.IMAGE or media.mime not in LIMITS.image_types:
            found.append(Misfit("media", "This type of file cannot be sent to a blog from here."))
        elif media.size > LIMITS.image_bytes:
            found.append(Misfit("media", "The picture is too large for a blog.", LIMITS.image_bytes, media.size))
        if count(media.alt) > LIMITS.alt:
            found.append(Misfit("alt", "The alternative text is too long.", LIMITS.alt, count(media.alt)))
    return found
