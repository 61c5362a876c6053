"""Mending: the smallest change that a rule proposes, made once in the shared text or in each channel's own."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from campaigns.actions.writing import save
from campaigns.models import Post, Variant
from campaigns.protocol import Draft, NotPossible, Version
from campaigns.queries import content_of, draft_of
from campaigns.queries.checking import findings_of
from campaigns.queries.linking import Linked
from compliance.protocol import OPTION, Edit
from workspaces.models import Member


def fix(post: Post, *, code: str, by: Member) -> Post:
    """The post with the edits that the rule `code` proposes. Raises NotPossible when there is nothing to change."""
    given, changed = draft_of(post), False
    for variant in post.variants.all():
        edit = _edit(variant, code)
        if edit is None:
            continue
        again = _applied(given, variant, edit)
        changed, given = changed or again != given, again
    if not changed:
        raise NotPossible(_("There is nothing left to change here."))
    return save(post, given, version=post.version, by=by)


def _edit(variant: Variant, code: str) -> Edit | None:
    found = findings_of(variant, Linked(content_of(variant)))
    return next((finding.edit for finding in found if finding.code == code and finding.edit), None)


def _applied(given: Draft, variant: Variant, edit: Edit) -> Draft:
    """`given` with the edit where this channel's words stand; a shared text is changed once for all."""
    if edit.part.startswith(OPTION):
        return replace(given, versions=tuple(_switched(one, edit, variant) for one in given.versions))
    own = {"text": variant.own_text, "title": variant.own_title}.get(edit.part)
    if own is not None:
        versions = tuple(_mended(one, edit) if one.account_id == variant.account_id else one for one in given.versions)
        return replace(given, versions=versions)
    if edit.part == "title" and given.title == variant.post.title:
        return replace(given, title=edit.apply(given.title))
    if edit.part == "text" and given.text == variant.post.text:
        return replace(given, text=edit.apply(given.text))
    return given


def _switched(version: Version, edit: Edit, variant: Variant) -> Version:
    if version.account_id != variant.account_id:
        return version
    return replace(version, options={**version.options, edit.part.removeprefix(OPTION): True})


def _mended(version: Version, edit: Edit) -> Version:
    if edit.part == "title":
        return replace(version, own_title=edit.apply(version.own_title or ""))
    return replace(version, own_text=edit.apply(version.own_text or ""))
