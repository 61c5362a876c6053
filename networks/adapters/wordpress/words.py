"""Plain text as a blog's blocks, and back: nothing a person typed can become markup, a script or a shortcode."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from networks.protocol import Content

ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]+[^\s<>\"'\[\].,;:!?)]")
TAGS = re.compile(r"<[^>]*>")
COMMENTS = re.compile(r"<!--.*?-->", re.S)
# What separates words in a rendered or raw post.
BREAKS = re.compile(r"</p>|</li>|</h\d>|</figure>|<br\s*/?>", re.I)
FIGURES = re.compile(r"<figure\b.*?</figure>", re.S | re.I)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is on the blog already."""

    id: int
    url: str
    alt: str


def blocks(content: Content, pictures: Sequence[Picture] = ()) -> str:
    """The post's body: a paragraph block for each paragraph, then its further pictures, then its link."""
    paragraphs = [part.strip("\n") for part in re.split(r"\n[ \t]*\n+", content.text.replace("\r\n", "\n"))]
    parts = [_paragraph(part) for part in paragraphs if part.strip()]
    parts += [_image(picture) for picture in pictures]
    if content.link and content.link not in content.text:
        parts.append(_paragraph(content.link))
    return "\n\n".join(parts)


def _paragraph(text: str) -> str:
    lines = "<br>".join(_line(line) for line in text.split("\n"))
    return f"<!-- wp:paragraph -->\n<p>{lines}</p>\n<!-- /wp:paragraph -->"


def _line(text: str) -> str:
    """One line, its addresses as links."""
    made, at = [], 0
    for found in ADDRESS.finditer(text):
        address = _safe(found[0])
        made += [_safe(text[at : found.start()]), f'<a href="{address}">{address}</a>']
        at = found.end()
    return "".join([*made, _safe(text[at:])])


def _safe(text: str) -> str:
    """Also without the square brackets that WordPress would read as shortcodes."""
    return html.escape(text).replace("[", "&#091;").replace("]", "&#093;")


def _image(picture: Picture) -> str:
    shown = f'<img src="{_safe(picture.url)}" alt="{_safe(picture.alt)}" class="wp-image-{picture.id}"/>'
    about = f'{{"id":{picture.id},"sizeSlug":"large"}}'
    return f'<!-- wp:image {about} -->\n<figure class="wp-block-image size-large">{shown}</figure>\n<!-- /wp:image -->'


def comment(content: Content) -> str:
    """A comment as it is sent: escaped, its link in it."""
    text = content.text.strip()
    if content.link and content.link not in text:
        text = f"{text}\n\n{content.link}".strip()
    return html.escape(text, quote=False)


def plain(markup: str) -> str:
    """The words of a piece of a blog, its paragraphs and lines as lines."""
    bare = BREAKS.sub("\n", COMMENTS.sub("", markup))
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in html.unescape(TAGS.sub("", bare)).split("\n"))
    return "\n".join(line for line in lines if line)


def normal(text: str) -> str:
    """A text with what a blog changes taken away: Unicode form, spaces and empty lines."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def pictures_in(markup: str) -> int:
    """How many pictures stand in a body."""
    return len(re.findall(r"<img\b", markup, re.I))


def figures_of(raw: str) -> str:
    """The picture blocks of a body, as they are."""
    return "\n\n".join(found[0] for found in re.finditer(r"<!-- wp:image\b.*?<!-- /wp:image -->", raw, re.S))


def titled(text: str) -> str:
    """A title or an excerpt: plain words on one line."""
    return _safe(" ".join(text.split())).replace("&#x27;", "'").replace("&quot;", '"')
