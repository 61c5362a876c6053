"""The reply desk for programs: the same verbs, the same gate."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing.protocol import Stopped
from social_crm import actions
from social_crm.models import Conversation
from social_crm.protocol import Overtaken
from social_crm.serializers import (
    AnswerSerializer,
    ConversationDetailSerializer,
    ConversationSerializer,
    MessageSerializer,
)
from workspaces.access import Needs


class ByActivity(CursorPagination):
    """Pages by the queue's own index."""

    page_size = 50
    ordering = ("-last_activity", "-id")


class ConversationList(generics.ListAPIView[Conversation]):
    """Conversations, newest activity first."""

    serializer_class = ConversationSerializer
    permission_classes = (Needs("read_inbox"),)
    pagination_class = ByActivity

    def get_queryset(self) -> QuerySet[Conversation]:
        return Conversation.objects.select_related("account", "contact")


class ConversationDetail(generics.RetrieveAPIView[Conversation]):
    """One conversation with its messages."""

    serializer_class = ConversationDetailSerializer
    permission_classes = (Needs("read_inbox"),)

    def get_queryset(self) -> QuerySet[Conversation]:
        return Conversation.objects.select_related("account", "contact").prefetch_related(
            "messages__author", "messages__publication"
        )


class AnswerCreate(APIView):
    """Answer the customer's newest message."""

    permission_classes = (Needs("answer_inbox"),)

    @extend_schema(request=AnswerSerializer, responses={201: MessageSerializer})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """409 when somebody wrote since `last_seen`; 422 with the findings when customs stop it."""
        form = AnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted: dict[str, Any] = form.validated_data  # Any: DRF's own type
        conversation = get_object_or_404(Conversation, pk=pk)
        try:
            message = actions.answer(conversation, by=request.member, **wanted)  # type: ignore[attr-defined]  # set by the middleware
        except Overtaken as news:
            return Response({"error": str(news)}, status=status.HTTP_409_CONFLICT)
        except Stopped as stop:
            return Response(
                {"error": stop.reason, "findings": list(stop.findings)}, status=status.HTTP_422_UNPROCESSABLE_ENTITY
            )
        except ValueError as error:
            return Response({"error": str(error)}, status=status.HTTP_400_BAD_REQUEST)
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)
