"""The operators' page: whether this installation publishes, and the word that lets it go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from publishing import queries
from publishing.actions.publisher import release as let_go
from publishing.actions.publisher import turn_off
from publishing.forms import OperatorForm
from publishing.models import Publisher, PublisherTurn
from publishing.protocol import NotPossible


def _operators(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """For staff only; nobody else learns that the page exists."""

    def shown(request: HttpRequest) -> HttpResponse:
        if not (request.user.is_authenticated and request.user.is_staff):
            raise Http404
        return view(request)

    return shown


@require_GET
@_operators
def publisher(request: HttpRequest) -> HttpResponse:
    """On or off, since when and why, what is in question, and who turned it before."""
    return render(request, "publishing/publisher.html", _context(OperatorForm()))


def _context(form: OperatorForm) -> dict[str, Any]:  # Any: a template's variables
    return {
        "publisher": Publisher.objects.first(),
        "turns": PublisherTurn.objects.all()[:20],
        "waiting": queries.waiting(),
        "form": form,
    }


def _turn(do: Callable[..., Publisher], done: str) -> Callable[[HttpRequest], HttpResponse]:
    @require_POST
    @_operators
    def act(request: HttpRequest) -> HttpResponse:
        form = OperatorForm(request.POST)
        if not form.is_valid():
            return render(request, "publishing/publisher.html", _context(form), status=422)
        try:
            do(by=str(request.user), reason=form.cleaned_data["reason"])
        except NotPossible:
            messages.error(request, _("Somebody else was quicker. Look again."))
        else:
            messages.success(request, _(done))
        return redirect("publisher")

    return act


release = _turn(let_go, gettext_noop("It publishes again."))
stop = _turn(turn_off, gettext_noop("Nothing is sent any more."))
