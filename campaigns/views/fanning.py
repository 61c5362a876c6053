"""Telling the other channels about an article: which, in which words, on which days; and taking it all back."""

from __future__ import annotations

from datetime import time

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.actions import fanning
from campaigns.forms import FanOutForm
from campaigns.models import FanOut, Post
from campaigns.protocol import NotPossible
from campaigns.queries.fanning import article_of, fan_out_of, listeners
from campaigns.views.compose import told_or_404
from networks.models import Account
from workspaces.access import WorkspaceRequest, needs

TEN = time(10, 0)


def templates() -> list[str]:
    """What a channel says when nobody wrote anything else; each channel begins with another one."""
    return [_("New on our blog: {title}"), "{title}\n\n{excerpt}", _("In case you missed it: {title}")]


@require_http_methods(["GET", "POST"])
@needs("schedule")
def fan_out(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """What is planned to tell of this article, or the form that begins it."""
    post = told_or_404(pk)
    there = fan_out_of(post)
    if there is not None and there.state != FanOut.State.UNDONE:
        turns = there.turns.select_related("account", "post")
        return render(request, "campaigns/fan_out.html", {"post": post, "fan": there, "turns": turns})
    accounts = listeners(post)
    form = FanOutForm(request.POST or None, initial={"at": TEN, "first_days": 0, "gap_days": 2})
    if request.method == "POST" and form.is_valid() and _began(request, post, form, accounts):
        return redirect("campaigns:fan_out", workspace=workspace, pk=pk)
    context = {
        "post": post,
        "undone": there,
        "form": form,
        "article": article_of(post),
        "rows": _rows(request, accounts),
    }
    return render(request, "campaigns/fan_out.html", context, status=422 if form.errors else 200)


def _began(request: WorkspaceRequest, post: Post, form: FanOutForm, accounts: list[Account]) -> bool:
    article = article_of(post)
    if article is None:
        form.add_error(None, _("Choose at least one channel for the article first."))
        return False
    given = form.cleaned_data
    try:
        fanning.fan_out(
            article,
            form.turns(accounts),
            at=given["at"],
            gap_days=given["gap_days"],
            first_days=given["first_days"],
            by=request.member,
        )
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The other channels are told once the article is live."))
    return True


def _rows(request: WorkspaceRequest, accounts: list[Account]) -> list[tuple[Account, bool, str]]:
    """Each account, whether it is chosen, and its words as typed or as we begin them."""
    begun, typed = templates(), request.POST
    chosen = typed.getlist("account") if typed else [str(account.pk) for account in accounts]
    return [
        (account, str(account.pk) in chosen, typed.get(f"text_{account.pk}", begun[place % len(begun)]))
        for place, account in enumerate(accounts)
    ]


@require_POST
@needs("schedule")
def undo(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Call back whatever has not gone out."""
    there = fan_out_of(told_or_404(pk))
    try:
        if there is None:
            raise NotPossible(_("It was undone already."))
        live = fanning.undo(there, by=request.member)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("Undone. %(n)s is live already and stays.", "Undone. %(n)s are live already and stay.", live)
        messages.success(request, said % {"n": live} if live else _("Undone. What was planned lies in the tray."))
    return redirect("campaigns:fan_out", workspace=workspace, pk=pk)
