"""What records' pages ask while they are drawn: may this member, is the letter open, where does its link lead."""

from __future__ import annotations

from django import template
from django.utils import timezone

from compliance.actions import letters
from compliance.models import KIND_WORDS, Letter
from workspaces.models import Member

register = template.Library()


@register.filter
def may(member: Member, permission: str) -> bool:
    """Whether the member's role holds `permission`."""
    return member.may(permission)


@register.filter
def kind_words(kind: str) -> str:
    """A kind of connection as people say it; what is none stays as it is."""
    known = {code.value: words for code, words in KIND_WORDS.items()}
    return str(known.get(kind, kind))


@register.filter
def is_open(letter: Letter) -> bool:
    """Whether the letter can still be signed."""
    return letter.open(timezone.now())


@register.filter
def link_to(letter: Letter) -> str:
    """The address that the endorser opens."""
    return letters.link_to(letter)
