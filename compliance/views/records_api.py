"""Records, sealed evidence and packs for programs: the same verbs and the same permissions as the pages."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from compliance import actions
from compliance.actions.documents import NotTaken, keep_document, note_look
from compliance.actions.letters import link_to, send_letter
from compliance.actions.packing import NothingSealed, ask_pack
from compliance.actions.records import AMENDABLE, amend_connection
from compliance.models import (
    STATEMENTS,
    Connection,
    Endorser,
    Evidence,
    EvidenceBody,
    Letter,
    Look,
    Pack,
    RecordVersion,
    Substantiation,
)
from compliance.queries import prove
from compliance.queries.briefing import languages
from compliance.queries.packing import publications_in
from compliance.serializers import ConnectionSerializer, EndorserSerializer
from compliance.tasks import make_pack
from compliance.views.sealed import as_download
from workspaces.access import ApiKeyAuthentication, Needs

WAYS_IN = [ApiKeyAuthentication, SessionAuthentication]
READING = {"GET", "HEAD", "OPTIONS"}


class ByNumber(CursorPagination):
    """The newest link first."""

    ordering = "-number"


class Records:
    """Reading needs `see`; changing needs `record_connections`."""

    def get_permissions(self) -> list[Any]:  # Any: DRF's own
        request: Request = self.request  # type: ignore[attr-defined]  # a mixin of a view
        return [Needs("see" if request.method in READING else "record_connections")()]


class OneEndorser(Records, generics.RetrieveUpdateAPIView[Endorser]):
    """One endorser; a change makes a new version."""

    authentication_classes = WAYS_IN
    serializer_class = EndorserSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_queryset(self) -> QuerySet[Endorser]:
        return Endorser.objects.all()

    def perform_update(self, serializer: Any) -> None:  # Any: DRF's own
        for name, value in serializer.validated_data.items():
            setattr(serializer.instance, name, value)
        actions.keep_endorser(serializer.instance, by=self.request.member)  # type: ignore[attr-defined]  # by the middleware


class AmendSerializer(ConnectionSerializer):
    """What changes about a connection, and why."""

    because = serializers.CharField(max_length=300, write_only=True)

    class Meta:
        model = Connection
        fields = (*ConnectionSerializer.Meta.fields, "because", "version", "contract")
        read_only_fields = ("recorded_at", "version", "contract")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:  # Any: DRF's own type
        known: dict[str, Any] = self.instance.__dict__ if self.instance else {}
        super().validate({**known, **attrs})
        return attrs


class OneConnection(Records, APIView):
    """One connection with every version; a PATCH amends it by another one."""

    authentication_classes = WAYS_IN

    @extend_schema(responses={200: AmendSerializer})
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        """The connection as it stands, and `versions`, the newest first."""
        row = get_object_or_404(Connection, pk=pk)
        versions = RecordVersion.objects.filter(kind=RecordVersion.Kind.CONNECTION, record=pk)
        told = AmendSerializer(row).data
        return Response({**told, "versions": [{"number": v.number, "at": v.at, "what": v.what} for v in versions]})

    @extend_schema(request=AmendSerializer, responses={200: AmendSerializer})
    def patch(self, request: Request, workspace: str, pk: int) -> Response:
        """Amend it: `because` is kept with the new version. A file in `contract` (multipart) replaces the contract."""
        row = get_object_or_404(Connection, pk=pk)
        form = AmendSerializer(row, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(form.validated_data)  # Any: DRF's own type
        because = given.pop("because", "")
        if not because:
            raise ValidationError({"because": "Say why it changes: it is kept with the new version."})
        member = request.member  # type: ignore[attr-defined]  # by the middleware
        changes = {name: value for name, value in given.items() if name in AMENDABLE}
        file = request.FILES.get("contract")
        if file is not None and file.file is not None:
            try:
                changes["contract"] = keep_document(file.file, filename=file.name or "", by=member)
            except NotTaken as refusal:
                raise ValidationError({"contract": str(refusal)}) from refusal
        return Response(AmendSerializer(amend_connection(row, because=because, by=member, **changes)).data)


class ClaimSerializer(serializers.ModelSerializer[Substantiation]):
    class Meta:
        model = Substantiation
        fields = ("id", "claim", "brand", "kind", "evidence", "starts_on", "ends_on", "version")
        read_only_fields = ("version",)


class Claims(Records, generics.ListCreateAPIView[Substantiation]):
    """The claims with evidence."""

    authentication_classes = WAYS_IN
    serializer_class = ClaimSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[Substantiation]:
        return Substantiation.objects.all()

    def perform_create(self, serializer: Any) -> None:  # Any: DRF's own
        made = Substantiation(**serializer.validated_data)
        serializer.instance = actions.keep_evidence(made, by=self.request.member)  # type: ignore[attr-defined]  # by the middleware


class LetterSerializer(serializers.ModelSerializer[Letter]):
    """A brief or a request for an attestation, its link, and who signed it when."""

    language = serializers.ChoiceField(list(languages().items()), required=False)
    statements = serializers.ListField(child=serializers.ChoiceField(list(STATEMENTS.items())), required=False)
    link = serializers.SerializerMethodField()
    signed = serializers.SerializerMethodField()

    class Meta:
        model = Letter
        fields = ("id", "kind", "brand", "language", "statements", "note", "sent_at", "expires_at", "link", "signed")
        read_only_fields = ("sent_at", "expires_at")

    def get_link(self, letter: Letter) -> str:
        return link_to(letter)

    def get_signed(self, letter: Letter) -> dict[str, str] | None:
        found = letter.signatures.first()
        return {"name": found.name, "at": found.at.isoformat()} if found else None


class Letters(Records, generics.ListCreateAPIView[Letter]):
    """What one endorser was sent; a POST sends a brief or a request for an attestation."""

    authentication_classes = WAYS_IN
    serializer_class = LetterSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[Letter]:
        return Letter.objects.filter(endorser=self.kwargs["pk"]).prefetch_related("signatures")

    def perform_create(self, serializer: Any) -> None:  # Any: DRF's own
        given = serializer.validated_data
        serializer.instance = send_letter(
            get_object_or_404(Endorser, pk=self.kwargs["pk"]),
            kind=Letter.Kind(given["kind"]),
            brand=given["brand"],
            language=given.get("language", ""),
            statements=given.get("statements", ()),
            note=given.get("note", ""),
            workspace=self.request.workspace,  # type: ignore[attr-defined]  # by the middleware
            by=self.request.member,  # type: ignore[attr-defined]  # by the middleware
        )


class LinkSerializer(serializers.ModelSerializer[Evidence]):
    class Meta:
        model = Evidence
        fields = ("number", "kind", "subject", "endorser_number", "at", "body_sha256", "previous", "digest")


class Sealed(generics.ListAPIView[Evidence]):
    """The sealed publications; `?subject=`, `?endorser=`, `?since=`, `?until=` choose."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("read_evidence")]
    serializer_class = LinkSerializer
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[Evidence]:
        scope = ScopeSerializer(data={**self.request.query_params.dict(), "title": "-", "subjects": []})
        scope.is_valid(raise_exception=True)
        given: dict[str, Any] = scope.validated_data  # Any: DRF's own type
        asked = Pack(
            subjects=self.request.query_params.getlist("subject"),
            endorser_number=given.get("endorser"),
            since=given.get("since"),
            until=given.get("until"),
        )
        return publications_in(asked)


class OneLink(APIView):
    """One link with what it seals. Who reads it is written down."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("read_evidence")]

    @extend_schema(responses={200: LinkSerializer})
    def get(self, request: Request, workspace: str, number: int) -> Response:
        """The link, `body` (null when its time was over) and, of a publication, `rendering`."""
        found = get_object_or_404(Evidence, number=number)
        note_look(f"evidence:{number}", way=Look.Way.API, by=request.member)  # type: ignore[attr-defined]  # by the middleware
        drawn = Evidence.objects.filter(subject=f"evidence:{number}", kind=Evidence.Kind.RENDERING).first()
        told = {"body": _body(found), "rendering": _body(drawn) if drawn else None}
        return Response({**LinkSerializer(found).data, **told})


class Proving(APIView):
    """Whether the chain of evidence still holds."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("read_evidence")]

    @extend_schema(responses={200: dict})
    def get(self, request: Request, workspace: str) -> Response:
        """Walks the whole chain: `links`, `bodies`, `emptied`, `files`, `anchors`, `head`, and what is `wrong`."""
        proof = prove(request.workspace.pk)  # type: ignore[attr-defined]  # by the middleware
        return Response({name: getattr(proof, name) for name in proof.__slots__})


class ScopeSerializer(serializers.Serializer[Any]):  # Any: there is no model behind it
    """What a pack is to hold; nothing given: everything that is sealed."""

    title = serializers.CharField(max_length=200)
    subjects = serializers.ListField(child=serializers.CharField(max_length=120), required=False, default=list)
    endorser = serializers.IntegerField(required=False, min_value=1)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    language = serializers.ChoiceField(["en", "id"], required=False, default="en")


class PackSerializer(serializers.ModelSerializer[Pack]):
    class Meta:
        model = Pack
        fields = (
            "id",
            "title",
            "state",
            "done",
            "total",
            "size",
            "sha256",
            "through",
            "problem",
            "asked_at",
            "ended_at",
        )


class Packs(APIView):
    """Evidence packs."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("make_packs")]

    @extend_schema(responses={200: PackSerializer(many=True)})
    def get(self, request: Request, workspace: str) -> Response:
        """The newest fifty."""
        return Response(PackSerializer(Pack.objects.all()[:50], many=True).data)

    @extend_schema(request=ScopeSerializer, responses={202: PackSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        """Ask for one; it is made in the background. Ask for it again to see how far it is."""
        form = ScopeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            pack = ask_pack(by=request.member, **form.validated_data)  # type: ignore[attr-defined]  # by the middleware
        except NothingSealed as refusal:
            raise ValidationError(str(refusal)) from refusal
        make_pack.delay_on_commit(pack.pk, pack.workspace_id)  # type: ignore[attr-defined]  # Celery's Django task
        return Response(PackSerializer(pack).data, status=202)


class OnePack(generics.RetrieveAPIView[Pack]):
    """How far a pack is."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("make_packs")]
    serializer_class = PackSerializer

    def get_queryset(self) -> QuerySet[Pack]:
        return Pack.objects.all()


class PackFile(APIView):
    """The ZIP. Who takes it is written down."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("make_packs")]

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, workspace: str, pk: int) -> FileResponse:
        """The bytes; their SHA-256 stands in the pack."""
        found = get_object_or_404(Pack, pk=pk, state=Pack.State.READY)
        note_look(f"pack:{pk}", way=Look.Way.API, by=request.member)  # type: ignore[attr-defined]  # by the middleware
        return as_download(found.file.open("rb"), f"gardu-evidence-{pk}.zip")


def _body(link: Evidence) -> Any:  # Any: JSON
    found = EvidenceBody.objects.filter(evidence=link).first()
    return json.loads(found.text) if found else None
