"""The plan in other calendars: each member's own address, and what stands there."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import ical
from campaigns.context.ical import calendar_of
from campaigns.models import CalendarAddress
from campaigns.rules import print_of_bytes
from workspaces.access import WorkspaceRequest, needs
from workspaces.actions.notices import language_of
from workspaces.models import Member
from workspaces.tenancy import entered


@require_http_methods(["GET", "POST"])
@needs("see")
def subscription(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The member's own address; a POST makes one, makes it anew, or takes it back."""
    if request.method == "POST":
        if request.POST.get("act") == "take_back":
            ical.take_back(by=request.member)
            messages.success(request, _("The address leads nowhere any more."))
        else:
            ical.give_address(by=request.member)
            messages.success(request, _("Add this address to your calendar program."))
        return redirect("campaigns:subscription", workspace=workspace)
    address = CalendarAddress.objects.filter(member=request.member).first()
    link = (
        f"{settings.PUBLIC_URL.rstrip('/')}{reverse('campaigns:ical', args=[ical.token_of(address)])}"
        if address
        else ""
    )
    return render(request, "campaigns/subscription.html", {"link": link, "made_at": address and address.made_at})


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The plan for whoever has the address, in the language of the member whose it is."""
    try:
        workspace_id, member_id, nonce = ical.named_by(token)
    except signing.BadSignature:
        raise Http404("No such calendar") from None
    with entered(workspace_id):
        found = Member.objects.select_related("user", "workspace").filter(pk=member_id, user__is_active=True).first()
        there = CalendarAddress.objects.filter(member_id=member_id, nonce=nonce).exists()
        if found is None or not there or not found.may("see"):
            raise Http404("No such calendar")
        with translation.override(language_of(found.user)):
            body = calendar_of(found.workspace, now=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Disposition"] = 'inline; filename="plan.ics"'
    response["ETag"] = quote_etag(print_of_bytes(body))
    kept = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(kept, HttpResponse)  # a response went in
    return kept
