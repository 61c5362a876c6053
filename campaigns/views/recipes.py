"""What becomes of a watched feed: chosen, tried on its newest items before it is saved, and undone. And the ideas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.actions import from_feeds, writing
from campaigns.forms import RecipeForm
from campaigns.models import FeedPost, Post, Recipe
from campaigns.protocol import NotPossible
from campaigns.queries.recipes import feedable, ideas, likeness
from campaigns.rules.filling import VARIABLES
from networks.models import Account
from smo.models import Item, Source
from workspaces.access import WorkspaceRequest, needs

NEWEST = 2


@require_http_methods(["GET", "POST"])
@needs("schedule")
def recipe(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """What becomes of one feed. A POST with act=try shows the newest items in these words; with act=save it is kept."""
    source = get_object_or_404(Source, pk=pk)
    there = Recipe.objects.filter(source=source).first()
    accounts = feedable()
    form = RecipeForm(request.POST or None, instance=there)
    chosen = _chosen(request, accounts) if form.is_bound else list(there.accounts) if there else []
    own = there.own if there else {}
    if form.is_bound and form.is_valid():
        try:
            own = form.own(account.pk for account in accounts)
        except ValidationError as error:
            form.add_error("template", error)
        if not form.errors and request.POST.get("act") == "save":
            given = {**form.cleaned_data, "accounts": chosen, "own": own}
            from_feeds.keep_recipe(source, by=request.member, **given)
            messages.success(request, _("Saved. It holds for what comes from now on."))
            return redirect("campaigns:recipe", workspace=workspace, pk=pk)
    template = str(form["template"].value() or "")
    context = {
        "source": source,
        "form": form,
        "rows": [(a, a.pk in chosen, own.get(str(a.pk), request.POST.get(f"own_{a.pk}", ""))) for a in accounts],
        "tried": [] if form.errors else _tried(source, [a for a in accounts if a.pk in chosen], template, own),
        "variables": [f"{{{name}}}" for name in VARIABLES],
        "made": FeedPost.objects.filter(recipe=there).select_related("post", "item")[:20] if there else [],
    }
    return render(request, "campaigns/recipe.html", context, status=422 if form.is_bound and form.errors else 200)


def _chosen(request: WorkspaceRequest, accounts: list[Account]) -> list[int]:
    asked = set(request.POST.getlist("accounts"))
    return [account.pk for account in accounts if str(account.pk) in asked]


def _tried(source: Source, accounts: list[Account], template: str, own: dict[str, str]) -> list[tuple[Item, Any]]:
    """The newest items as each channel would show them. Any: likenesses."""
    newest = Item.objects.filter(source=source).order_by("-published_at", "-pk")[:NEWEST]
    return [
        (item, [likeness(item, one, own.get(str(one.pk)) or template, source.name) for one in accounts])
        for item in newest
    ]


@require_POST
@needs("schedule")
def undo(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take back one thing that was made of a feed, or everything of today."""
    source = get_object_or_404(Source, pk=pk)
    made = FeedPost.objects.filter(recipe__source=source, undone_at__isnull=True).select_related("item")
    one = request.POST.get("one", "")
    made = made.filter(pk=int(one)) if one.isdecimal() else made.filter(made_at__gte=_today())
    gone, stay = from_feeds.undo(made, by=request.member)
    messages.success(request, ngettext("%(n)d taken back.", "%(n)d taken back.", gone) % {"n": gone})
    if stay:
        told = ngettext("%(n)d is live already and stays.", "%(n)d are live already and stay.", stay)
        messages.info(request, told % {"n": stay})
    return redirect("campaigns:recipe", workspace=workspace, pk=pk)


def _today() -> Any:  # Any: a datetime
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


@require_POST
@needs("write_posts")
def make_one(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Make a post of one item now, by the recipe of its feed, whatever its state."""
    item = get_object_or_404(Item.objects.select_related("source"), pk=pk)
    recipe = Recipe.objects.select_related("source", "workspace").filter(source=item.source).first()
    made = from_feeds.make(recipe, item, by=request.member, now=timezone.now()) if recipe else None
    if made is None or made.post_id is None:
        messages.error(request, _("Say first what becomes of this feed, or it was taken already."))
        return redirect("smo:source", workspace=workspace, pk=item.source_id)
    return redirect("campaigns:edit", workspace=workspace, pk=made.post_id)


@require_GET
@needs("see")
def idea_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What might be written one day."""
    return render(request, "campaigns/ideas.html", {"ideas": ideas(), "may": request.member.may("write_posts")})


@require_POST
@needs("write_posts")
def drop_idea(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Throw one away."""
    try:
        writing.delete(get_object_or_404(Post, pk=pk, stage=Post.Stage.IDEA), by=request.member)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("campaigns:ideas", workspace=workspace)
