"""Hide, like or delete a customer's comment at its network, where the network allows it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.protocol import NetworkError
from social_crm import actions
from social_crm.models import Message
from social_crm.views.showing import found, opened, told
from workspaces.access import WorkspaceRequest, needs
from workspaces.tenancy import entered, enters_by_itself


@require_POST
@enters_by_itself
@needs("answer_inbox")
def moderate(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Do it at the network, then write down that it is done; what the network says against it is told."""
    deed = request.POST.get("deed", "")
    with entered(request.workspace.pk, user_id=request.user.pk):
        message = get_object_or_404(Message.objects.select_related("account", "conversation"), pk=pk)
    try:
        actions.at_network(message, deed)
    except (NetworkError, ValueError) as error:
        return told(HttpResponse(status=204), text=_(str(error)), tone="bad")
    with entered(request.workspace.pk, user_id=request.user.pk):
        actions.done(message, deed, by=request.member)
        return render(request, "social_crm/_lines.html", opened(request, found(message.conversation_id)))
