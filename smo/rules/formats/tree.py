"""Elements of an XML feed: what goes in is words, and comes out escaped."""

from __future__ import annotations

from xml.etree import ElementTree

from smo.rules.formats.parts import clean

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "http://search.yahoo.com/mrss/"
CORE = "http://purl.org/dc/elements/1.1/"
for _prefix, _name in (("atom", ATOM), ("media", MEDIA), ("dc", CORE)):
    ElementTree.register_namespace(_prefix, _name)

Element = ElementTree.Element


def add(to: Element, name: str, words: str | None = None, **attributes: str) -> Element:
    """A new element below `to`. `name` may carry a namespace: "{space}name"."""
    made = ElementTree.SubElement(to, name, {key: clean(value) for key, value in attributes.items()})
    if words is not None:
        made.text = clean(words)
    return made


def document(root: Element) -> bytes:
    """The whole of it, in UTF-8."""
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
