"""Conversations by program: the queue in its order, one thread, answers, notes, and what is done with them."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing.protocol import Stopped
from social_crm import actions, queries
from social_crm.models import Conversation, Label, Team
from social_crm.protocol import Overtaken
from social_crm.queries import VIEWS, Choice
from social_crm.serializers import (
    AnswerSerializer,
    ConversationDetailSerializer,
    ConversationPageSerializer,
    ConversationSerializer,
    DealSerializer,
    MessageSerializer,
    NoteSerializer,
)
from workspaces.access import Needs
from workspaces.models import Member

CHOICE = [
    OpenApiParameter("view", str, enum=VIEWS, description="Which part of the queue"),
    OpenApiParameter("network", str, description="A network's slug"),
    OpenApiParameter("kind", str, enum=["comment", "mention", "message"]),
    OpenApiParameter("status", str, enum=list(Conversation.Status.values)),
    OpenApiParameter("team", int),
    OpenApiParameter("label", int),
    OpenApiParameter("agent", int, description="The member who holds it"),
    OpenApiParameter("q", str, description="Words that were said, or a name"),
    OpenApiParameter("after", str, description="`next` of the page before"),
]


class ConversationList(APIView):
    """The queue."""

    permission_classes = (Needs("read_inbox"),)

    @extend_schema(parameters=CHOICE, responses=ConversationPageSerializer)
    def get(self, request: Request, workspace: str) -> Response:
        """What is due soonest first; forty at a time, at any depth."""
        page = queries.look(Choice.read(request.query_params.dict()), member=_member(request))
        rows = ConversationSerializer(page.rows, many=True).data
        return Response({"results": rows, "next": str(page.next) if page.next else None})


class ConversationDetail(APIView):
    """One conversation."""

    permission_classes = (Needs("read_inbox"),)

    @extend_schema(
        parameters=[OpenApiParameter("before", int, description="A message's id, for the older ones")],
        responses=ConversationDetailSerializer,
    )
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        """With its newest sixty messages, oldest first; `earlier` names the message before which there are more."""
        chosen = Conversation.objects.select_related("account", "contact")
        conversation = get_object_or_404(chosen.prefetch_related("labelled__label"), pk=pk)
        before = str(request.query_params.get("before", ""))
        told = queries.thread(conversation, member=_member(request), before=int(before) if before.isdigit() else 0)
        messages = [line.message for line in told.lines if line.message]
        shown = {
            **ConversationSerializer(conversation).data,
            "messages": MessageSerializer(messages, many=True).data,
            "last_seen": conversation.newest_message,
            "earlier": told.earlier or None,
        }
        return Response(shown)


class AnswerCreate(APIView):
    """Answer the customer's newest message."""

    permission_classes = (Needs("answer_inbox"),)

    @extend_schema(request=AnswerSerializer, responses={201: MessageSerializer})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """409 with what was written since `last_seen`, if anything was; 422 with the findings when customs stop it."""
        form = AnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted: dict[str, Any] = form.validated_data  # Any: DRF's own type
        conversation = get_object_or_404(Conversation, pk=pk)
        try:
            message = actions.answer(conversation, by=_member(request), **wanted)
        except Overtaken as news:
            newer = MessageSerializer(queries.written_since(conversation, wanted["last_seen"]), many=True).data
            return Response({"error": str(news), "newer": newer}, status=status.HTTP_409_CONFLICT)
        except Stopped as stop:
            return Response(
                {"error": stop.reason, "findings": list(stop.findings)}, status=status.HTTP_422_UNPROCESSABLE_ENTITY
            )
        except ValueError as error:
            return Response({"error": str(error)}, status=status.HTTP_400_BAD_REQUEST)
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)


class NoteCreate(APIView):
    """Leave a word for colleagues."""

    permission_classes = (Needs("answer_inbox"),)

    @extend_schema(request=NoteSerializer, responses={201: NoteSerializer})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """Whoever is named with @ is told."""
        form = NoteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        note = actions.note(
            get_object_or_404(Conversation, pk=pk), text=form.validated_data["text"], by=_member(request)
        )
        return Response(NoteSerializer(note).data, status=status.HTTP_201_CREATED)


class DealCreate(APIView):
    """Do one thing with conversations, one or many; with `undo`, take a deed back."""

    permission_classes = (Needs("answer_inbox"),)

    @extend_schema(request=DealSerializer, responses={200: DealSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        """Answers the deed's id, and how many conversations it changed."""
        form = DealSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted: dict[str, Any] = form.validated_data  # Any: DRF's own type
        try:
            deed = actions.deal(wanted["conversations"], _change(wanted, _member(request)), by=_member(request))
        except (ValueError, TypeError) as error:
            return Response({"error": str(error)}, status=status.HTTP_400_BAD_REQUEST)
        return Response({**wanted, "id": deed.pk, "changed": len(deed.before)})


def _member(request: Request) -> Member:
    member: Member = request.member  # type: ignore[attr-defined]  # set by the middleware
    return member


def _change(wanted: dict[str, Any], by: Member) -> actions.Change:  # Any: DRF's own type
    do, to = wanted["do"], wanted.get("to", "")
    number = int(to) if to.lstrip("-").isdigit() else 0
    if do == "snooze":
        if wanted.get("until") is None:
            raise ValueError("until is missing")
        return actions.snoozing(wanted["until"])
    if do in ("label", "unlabel"):
        return actions.labelling(get_object_or_404(Label, pk=number), off=do == "unlabel")
    if do == "assign":
        members = Member.objects.select_related("user")
        return actions.assigning(by if to == "me" else get_object_or_404(members, pk=number) if to else None)
    if do == "team":
        return actions.moving_to(get_object_or_404(Team, pk=number) if to else None)
    if do == "priority":
        return actions.pressing(number)
    if do == "escalate":
        return actions.escalating(to)
    plain = {"resolve": actions.resolving, "reopen": actions.reopening, "spam": actions.spamming}
    return plain[do]()
