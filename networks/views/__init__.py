"""The channels page, and the way to a network's consent page and back."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from networks import actions, registry
from networks.actions import consents
from networks.actions.sealing import without_secrets
from networks.models import Account, Consent
from networks.protocol import Connects, ConnectsSites, Door, HandsOver, NetworkError, NotOurs, RemoteAccount
from networks.queries import own_networks, said
from networks.tasks import tend_account
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Member, User
from workspaces.tenancy import entered, enters_by_itself

logger = logging.getLogger(__name__)


@require_GET
@needs("see")
def accounts(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Every connected account with its health, and a card for every network that can be connected."""
    listed = list(Account.objects.all().listed().select_related("duty__keeper__user", "duty__deputy__user"))
    connectable = [network for network in registry.every() if isinstance(network, Connects | ConnectsSites)]
    context = {
        "accounts": listed,
        "networks": [(network, registry.configured(network.slug)) for network in connectable],
        "may_connect": request.member.may("connect_accounts"),
        "by_hand": [network for network in registry.every() if isinstance(network, HandsOver)],
        "own": own_networks(retired=True),
    }
    page = "networks/_accounts.html" if request.headers.get("HX-Request") else "networks/accounts.html"
    return render(request, page, context)


@never_cache
@require_GET
@enters_by_itself
@needs("connect_accounts")
def start(request: WorkspaceRequest, workspace: str, network: str) -> HttpResponse:
    """Send the person to the network's consent page. `?account=` names the one to be reconnected."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return _refused(request, _("Start connecting from the channels page."), workspace)
    if not registry.known(network):
        return _refused(request, _("This network is not known here."), workspace, status=404)
    if isinstance(registry.get(network), ConnectsSites):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponseRedirect(reverse("networks:site", args=[workspace, network]) + query)
    with entered(request.member.workspace_id):
        try:
            address = consents.begin(
                network, by=request.member, session_key=_session_key(request), account=_asked_for(request)
            )
        except NotOurs as refusal:
            return _refused(request, str(refusal), workspace)
    return HttpResponseRedirect(address)


@never_cache
@require_GET
def callback(request: HttpRequest, network: str) -> HttpResponse:
    """The network sends the person back: the state says to which workspace. Talks to the network."""
    if not isinstance(request.user, User):
        return _refused(request, _("You are signed out. Sign in, then connect again."))
    try:
        consent, verifier = consents.claim(
            request.GET.get("state", ""),
            slug=network,
            user_id=request.user.pk,
            session_key=_session_key(request),
        )
    except NotOurs as refusal:
        return _refused(request, str(refusal))
    slug = consent.workspace.slug
    try:
        found = consents.admitted(consent, verifier, request.GET.dict())
        with entered(consent.workspace_id, user_id=request.user.pk):
            connected = consents.receive(consent, found)
            _tend_soon(connected)
    except NotOurs as refusal:
        return _refused(request, str(refusal), slug)
    except NetworkError as error:
        logger.warning("connecting %s failed: %s (%s)", network, error.code, error.detail)
        return _refused(request, _("The network did not answer. Try again in a moment."), slug, status=502)
    if not connected:
        return redirect("networks:choose", workspace=slug, consent=consent.pk)
    _say_connected(request, connected)
    return redirect("networks:accounts", workspace=slug)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
@enters_by_itself
@needs("connect_accounts")
def site(request: WorkspaceRequest, workspace: str, network: str) -> HttpResponse:
    """A person names their own site; we ask it, and they let us in there or type a password made there."""
    try:
        adapter = consents.sites(network) if registry.known(network) else None
    except NotOurs:
        adapter = None
    if adapter is None:
        return _refused(request, _("This network is not known here."), workspace, status=404)
    with entered(request.member.workspace_id):
        account = _asked_for(request)
    typed = {name: request.POST.get(name, "").strip() for name in ("address", "user", "password")}
    shown: dict[str, object] = {"network": registry.get(network), "account": account}
    shown["address"] = typed["address"] or (account.uid if account else "")
    if request.method == "POST":
        try:
            door = adapter.knock(typed["address"])
            shown["door"] = door
            if typed["password"]:
                return _let_in(request, adapter.enter(door, user=typed["user"], password=typed["password"]), account)
            if door.consent:
                shown["consent"] = _consent_address(request, door, account)
        except NotOurs as refusal:
            shown["error"] = said(str(refusal))
        except NetworkError as error:
            logger.info("no site at %s: %s (%s)", typed["address"][:200], error.code, error.detail)
            shown["error"] = _("No site answered at this address. Check it, or try again in a moment.")
    return render(request, "networks/site.html", shown, status=422 if "error" in shown else 200)


def _consent_address(request: WorkspaceRequest, door: Door, account: Account | None) -> str:
    slug = str(request.resolver_match.kwargs["network"]) if request.resolver_match else ""
    with entered(request.member.workspace_id):
        return consents.begin_at(door, slug, by=request.member, session_key=_session_key(request), account=account)


def _let_in(request: WorkspaceRequest, remote: RemoteAccount, account: Account | None) -> HttpResponse:
    slug = str(request.resolver_match.kwargs["network"]) if request.resolver_match else ""
    with entered(request.member.workspace_id):
        connected = consents.let_in(remote, slug, by=request.member, account=account)
        _tend_soon([connected])
    _say_connected(request, [connected])
    return redirect("networks:accounts", workspace=request.member.workspace.slug)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("connect_accounts")
def choose(request: WorkspaceRequest, workspace: str, consent: int) -> HttpResponse:
    """Which of the pages that the grant gave are to be connected."""
    chosen_from = get_object_or_404(Consent, pk=consent, member=request.member)
    error = ""
    try:
        offered = consents.choices(chosen_from)
        if request.method == "POST":
            connected = consents.choose(chosen_from, request.POST.getlist("uid"), by=request.member)
            _tend_soon(connected)
            _say_connected(request, connected)
            return redirect("networks:accounts", workspace=workspace)
    except NotOurs as refusal:
        error = said(str(refusal))
        if request.method == "GET":
            return _refused(request, error, workspace)
    here = set(Account.objects.filter(network=chosen_from.network).values_list("uid", flat=True))
    context = {
        "consent": chosen_from,
        "offered": [(without_secrets(remote), remote.uid in here) for remote in offered],
        "error": error,
    }
    return render(request, "networks/choose.html", context, status=422 if error else 200)


def _act(verb: Callable[..., Account], done: Promise) -> Callable[..., HttpResponse]:
    """A view that does one thing to one account and goes back to the channels page."""

    @require_POST
    @needs("connect_accounts")
    def act(request: WorkspaceRequest, workspace: str, account: int) -> HttpResponse:
        found = get_object_or_404(Account, pk=account)
        verb(found, by=request.member)
        messages.success(request, str(done) % {"name": found.name})
        return redirect("networks:accounts", workspace=workspace)

    return act


pause = _act(actions.pause, gettext_lazy("Nothing is published to %(name)s until you resume it."))
resume = _act(actions.resume, gettext_lazy("%(name)s is published to again."))
_disconnect = _act(actions.disconnect, gettext_lazy("%(name)s is disconnected."))


@require_http_methods(["GET", "POST"])
@needs("connect_accounts")
def disconnect(request: WorkspaceRequest, workspace: str, account: int) -> HttpResponse:
    """Asks first (GET, a dialog), then forgets the account (POST)."""
    if request.method == "POST":
        return _disconnect(request, workspace=workspace, account=account)
    return render(request, "networks/_disconnect.html", {"account": get_object_or_404(Account, pk=account)})


def _say_connected(request: HttpRequest, connected: list[Account]) -> None:
    for account in connected:
        messages.success(request, _("%(name)s is connected.") % {"name": account.name})


def _tend_soon(connected: list[Account]) -> None:
    for account in connected:
        tend_account.delay_on_commit(  # type: ignore[attr-defined]  # celery.contrib.django.task, unknown to its stubs
            account.pk, account.workspace_id
        )


def _asked_for(request: WorkspaceRequest) -> Account | None:
    asked = request.GET.get("account", "")
    return get_object_or_404(Account, pk=asked) if asked.isdigit() else None


def _session_key(request: HttpRequest) -> str:
    if not request.session.session_key:
        request.session.save()
    return request.session.session_key or ""


def _refused(request: HttpRequest, reason: str, workspace: str = "", status: int = 400) -> HttpResponse:
    """A page that says why nothing was connected, and leads back."""
    member: Member | None = getattr(request, "member", None)
    context = {"reason": said(reason), "slug": workspace, "inside": member is not None}
    return render(request, "networks/connect_refused.html", context, status=status)
