"""The ground floor's pages: home, people, settings, keys and the audit trail."""

from __future__ import annotations

import logging
from smtplib import SMTPException

import redis
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from workspaces import actions
from workspaces.access import WorkspaceRequest, needs
from workspaces.actions import NotAllowed
from workspaces.forms import FoundForm, InviteForm, KeyForm, ProfileForm, SettingsForm
from workspaces.live import changes
from workspaces.models import ApiKey, AuditEntry, Invitation, Member, User
from workspaces.permissions import Role
from workspaces.queries import broken_links, workspaces_of

logger = logging.getLogger(__name__)
AUDIT_PAGE = 50


@require_GET
def live(request: HttpRequest) -> JsonResponse:
    """What changed in a workspace since number `v`. Signed, and answered without the database."""
    since = request.GET.get("v", "0")
    try:
        newest, topics = changes(request.GET.get("t", ""), int(since) if since.isdigit() else 0)
    except signing.BadSignature:
        return JsonResponse({"error": "Reload the page to go on hearing news."}, status=403)
    except redis.RedisError:
        return JsonResponse({"error": "News is away for a moment."}, status=503)
    return JsonResponse({"v": newest, "topics": topics}, headers={"Cache-Control": "no-store"})


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the calendar of the workspace last opened, or to founding the first one."""
    assert isinstance(request.user, User)
    slugs = [workspace.slug for workspace in workspaces_of(request.user)]
    if not slugs:
        return redirect("workspaces:found")
    last = request.session.get("workspace")
    return redirect("campaigns:calendar", workspace=last if last in slugs else slugs[0])


@login_required
def found(request: HttpRequest) -> HttpResponse:
    """Found a workspace."""
    assert isinstance(request.user, User)
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workspace = actions.found_workspace(**form.cleaned_data, by=request.user)
        return redirect("networks:accounts", workspace=workspace.slug)
    return render(request, "workspaces/found.html", {"form": form})


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """A person's own name and zone."""
    assert isinstance(request.user, User)
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("workspaces:profile")
    return render(request, "workspaces/profile.html", {"form": form})


@needs("see")
def members(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Who is here and who is invited; inviting another."""
    form = InviteForm(request.POST or None)
    link = ""
    if request.method == "POST":
        link = _invite(request, form)
    context = {
        "members": Member.objects.select_related("user").order_by("user__name", "user__email"),
        "invitations": Invitation.objects.filter(accepted_at__isnull=True).order_by("-created_at"),
        "form": InviteForm() if link else form,
        "link": link,
        "roles": Role.choices,
        "may_manage": request.member.may("manage_members"),
    }
    return render(request, "workspaces/members.html", context)


def _invite(request: WorkspaceRequest, form: InviteForm) -> str:
    """The invitation's link, or "" when the form says why not."""
    if not request.member.may("manage_members"):
        form.add_error(None, _("Only owners and admins invite people."))
    if not form.is_valid():
        return ""
    try:
        invitation, token = actions.invite(
            email=form.cleaned_data["email"], role=Role(form.cleaned_data["role"]), by=request.member
        )
    except NotAllowed as refusal:
        form.add_error("email", str(refusal))
        return ""
    link: str = settings.PUBLIC_URL.rstrip("/") + reverse("workspaces:join", args=[token])
    _mail_invitation(request, invitation, link)
    return link


def _mail_invitation(request: WorkspaceRequest, invitation: Invitation, link: str) -> None:
    facts = {"workspace": request.workspace, "by": request.member.user, "link": link, "invitation": invitation}
    subject = render_to_string("email/invitation.subject.txt", facts).strip()
    body = render_to_string("email/invitation.txt", facts)
    try:
        send_mail(subject, body, None, [invitation.email])
    except (SMTPException, OSError) as error:
        logger.warning("invitation %s could not be mailed: %s", invitation.pk, error)
        messages.warning(request, _("The e-mail could not be sent. Copy the link below and send it yourself."))


@require_POST
@needs("manage_members")
def withdraw(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take an open invitation back."""
    actions.withdraw_invitation(get_object_or_404(Invitation, pk=pk, accepted_at__isnull=True), by=request.member)
    messages.success(request, _("Invitation withdrawn."))
    return redirect("workspaces:members", workspace=workspace)


@require_POST
@needs("manage_members")
def change_role(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Give a member another role."""
    member = get_object_or_404(Member.objects.select_related("user"), pk=pk)
    role = request.POST.get("role", "")
    try:
        if role not in Role.values:
            raise NotAllowed(_("There is no such role."))
        actions.change_role(member, role=Role(role), by=request.member)
        messages.success(request, _("%(person)s is now %(role)s.") % {"person": member.user, "role": Role(role).label})
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("workspaces:members", workspace=workspace)


@require_POST
@needs("manage_members")
def remove(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a member out."""
    member = get_object_or_404(Member.objects.select_related("user"), pk=pk)
    try:
        actions.remove_member(member, by=request.member)
        messages.success(request, _("%(person)s is no longer a member.") % {"person": member.user})
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("workspaces:members", workspace=workspace)


@login_required
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say yes to an invitation."""
    assert isinstance(request.user, User)
    refusal = ""
    if request.method == "POST":
        try:
            member = actions.join(token=token, by=request.user)
            return redirect("campaigns:calendar", workspace=member.workspace.slug)
        except NotAllowed as error:
            refusal = str(error)
    return render(request, "workspaces/join.html", {"refusal": refusal}, status=403 if refusal else 200)


@needs("manage_workspace")
def workspace_settings(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The workspace's own settings."""
    form = SettingsForm(request.POST or None, instance=request.workspace)
    if request.method == "POST" and form.is_valid():
        changed = form.changes()
        request.workspace.refresh_from_db()
        actions.change_settings(request.workspace, by=request.member, **changed)
        messages.success(request, _("Saved."))
        return redirect("workspaces:settings", workspace=workspace)
    return render(request, "workspaces/settings.html", {"form": form})


@needs("manage_api_keys")
def api_keys(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The keys that act through the API; making one shows it once."""
    form = KeyForm(request.POST or None)
    text = ""
    if request.method == "POST" and form.is_valid():
        _key, text = actions.make_api_key(name=form.cleaned_data["name"], by=request.member)
        form = KeyForm()
    keys = ApiKey.objects.select_related("member__user").order_by("revoked_at", "-created_at")
    return render(request, "workspaces/api_keys.html", {"keys": keys, "form": form, "text": text})


@require_POST
@needs("manage_api_keys")
def revoke_api_key(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Make a key open nothing."""
    actions.revoke_api_key(get_object_or_404(ApiKey, pk=pk), by=request.member)
    messages.success(request, _("Key revoked."))
    return redirect("workspaces:api_keys", workspace=workspace)


@needs("read_audit")
def audit(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What was done here, newest first; `?verify=1` walks the whole chain."""
    entries = Paginator(AuditEntry.objects.all(), AUDIT_PAGE)
    context = {
        "page": entries.get_page(request.GET.get("page")),
        "verified": "verify" in request.GET,
        "broken": broken_links(request.workspace.pk) if "verify" in request.GET else [],
    }
    return render(request, "workspaces/audit.html", context)
