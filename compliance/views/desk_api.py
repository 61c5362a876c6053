"""The officers' desk and counsel's policies for programs: what the pages do, by JSON."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from compliance import actions, queries, registry
from compliance.context import found_in
from compliance.forms import PolicyForm
from compliance.models import Case, Decision, DryRun, Policy
from networks.protocol import Content
from workspaces.access import ApiKeyAuthentication, Needs
from workspaces.models import Member

MOST = 100
DECIDES, READS, SETS = Needs("decide_cases"), Needs("see"), Needs("manage_policies")
FILTERS = [OpenApiParameter(name, str) for name in ("status", *queries.Filters.__dataclass_fields__)]


class Word(serializers.Serializer[Any]):  # Any: there is no model behind it
    """A decision. `reasons` are rules' codes or the desk's own; a message left out is written in the usual words."""

    choice = serializers.ChoiceField(["approve", "ask", "reject"])
    reasons = serializers.ListField(child=serializers.CharField(max_length=60), default=list)
    reason = serializers.CharField(default="", allow_blank=True, max_length=500)
    message = serializers.CharField(default="", allow_blank=True, max_length=4000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:  # Any: DRF's own type
        if not attrs["reasons"] and not attrs["reason"].strip():
            raise ValidationError({"reason": "A decision has a reason."})
        return attrs


class Ask(serializers.Serializer[Any]):  # Any: there is no model behind it
    """A request for an override."""

    reason = serializers.CharField(max_length=1000)
    until = serializers.DateTimeField()


class Given(serializers.Serializer[Any]):  # Any: there is no model behind it
    """To whom a case is given: a member's id, or null for nobody."""

    to = serializers.IntegerField(allow_null=True)


class Desk(APIView):
    """Answers 409 with the reason when the desk refuses."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [DECIDES]

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, actions.CannotDecide):
            return Response({"error": str(exc)}, status=status.HTTP_409_CONFLICT)
        return super().handle_exception(exc)

    @property
    def member(self) -> Member:
        found: Member = self.request.member  # type: ignore[attr-defined]  # set by the middleware
        return found


class Cases(Desk):
    """The queue, what goes out soonest first."""

    permission_classes = [READS]

    @extend_schema(parameters=FILTERS, responses={200: dict})
    def get(self, request: Request, workspace: str) -> Response:
        """Up to a hundred cases of one `status` (open, second, waiting, decided) as filtered; and the counts."""
        asked = request.query_params.get("status", Case.Status.OPEN)
        if asked not in Case.Status.values:
            raise ValidationError({"status": f"one of {', '.join(Case.Status.values)}"})
        found = queries.queue(asked, queries.Filters.of(request.query_params), reader=self.member)[:MOST]
        return Response({"counts": queries.counts(), "cases": [told(case) for case in found]})


class OneCase(Desk):
    """One case with its findings and every decision on it."""

    permission_classes = [READS]

    @extend_schema(responses={200: dict})
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        """`letter`: what its author would be told for each reason, in the language they read."""
        case = _case(pk)
        letter = queries.letter_to_author(case)
        words = [_word(word) for word in case.verdict.decisions.all()]
        lines = {"language": letter.language, "lines": letter.lines}
        return Response({**told(case), "content": case.content, "decisions": words, "letter": lines})


class Decide(Desk):
    """An officer's word on a case."""

    @extend_schema(request=Word, responses={201: dict})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """It takes effect at `takes_effect_at`; until then it can be taken back."""
        case, given = _case(pk), _valid(Word, request)
        known = queries.reasons_for(case)
        if unknown := sorted(set(given["reasons"]) - set(known)):
            raise ValidationError({"reasons": f"not here: {', '.join(unknown)}"})
        reason = "; ".join([*(known[code] for code in given["reasons"]), *filter(None, [given["reason"].strip()])])
        message = given["message"] or queries.message_to_author(case, given["choice"], given["reasons"])
        said = {"choice": given["choice"], "reasons": given["reasons"], "message": message}
        return _made(actions.decide(case, reason=reason, by=self.member, **said))


class Withdraw(Desk):
    """A decision is taken back while it is not in effect."""

    @extend_schema(request=None, responses={201: dict})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """409 once it is in effect."""
        return _made(
            actions.withdraw(get_object_or_404(Decision.objects.select_related("case"), pk=pk), by=self.member)
        )


class Override(Desk):
    """A stopped text goes out all the same, when two officers say so."""

    @extend_schema(request=Ask, responses={201: dict})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """Ask a second officer."""
        given = _valid(Ask, request)
        return _made(actions.ask_override(_case(pk), reason=given["reason"], until=given["until"], by=self.member))


class Consent(Desk):
    """The second officer's word on an override."""

    yes = True

    @extend_schema(request=None, responses={201: dict})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """Yes, or no, as the address says."""
        verb = actions.consent if self.yes else actions.decline
        return _made(verb(_case(pk), by=self.member, reason=_reason(request)))


class Assign(Desk):
    """Who has a case."""

    @extend_schema(request=Given, responses={200: dict})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """Give it to a member, or to nobody."""
        to = _valid(Given, request)["to"]
        member = get_object_or_404(Member, pk=to) if to else None
        return Response(told(actions.assign_case(_case(pk), to=member, by=self.member)))


class Policies(Desk):
    """How the rules are used here."""

    def get_permissions(self) -> list[Any]:  # Any: DRF's own
        return [(READS if self.request.method in {"GET", "HEAD", "OPTIONS"} else SETS)()]

    @extend_schema(parameters=[OpenApiParameter("rule", str)], responses={200: dict})
    def get(self, request: Request, workspace: str) -> Response:
        """Every policy on record, newest first, and for each rule what may be set about it."""
        rule = request.query_params.get("rule", "")
        found = Policy.objects.filter(rule=rule) if rule else Policy.objects.all()
        rules = [one for one in registry.every() if not rule or one.code == rule]
        return Response(
            {
                "policies": [_policy(policy) for policy in found.order_by("-pk")[:MOST]],
                "rules": {one.code: [_parameter(p) for p in registry.parameters_of(one)] for one in rules},
            }
        )

    @extend_schema(request=dict, responses={201: dict})
    def post(self, request: Request, workspace: str) -> Response:
        """Set a policy, or with `"try": true` ask for a dry run of it. Fields as `get` tells them."""
        given = request.data if isinstance(request.data, dict) else {}
        rule = next((one for one in registry.every() if one.code == given.get("rule")), None)
        if rule is None:
            raise ValidationError({"rule": "no rule is called so"})
        own = {f"p_{name}": value for name, value in dict(given.get("parameters") or {}).items()}
        fields = {**given, **own, "on": "on" if given.get("on", True) else "off"}
        fields["brands"] = "\n".join(map(str, given.get("brands") or []))
        form = PolicyForm(fields, rule=rule)
        if not form.is_valid():
            raise ValidationError({name.removeprefix("p_"): list(map(str, e)) for name, e in form.errors.items()})
        policy = form.policy(Policy.objects.filter(rule=rule.code, pk=given.get("replaces") or 0).first())
        if given.get("try"):
            run = actions.try_policy(policy, by=self.member)
            return Response(_run(run), status=status.HTTP_202_ACCEPTED)
        return Response(_policy(actions.set_policy(policy, by=self.member)), status=status.HTTP_201_CREATED)


class OneDryRun(Desk):
    """How far a dry run is, and what would change."""

    permission_classes = [READS]

    @extend_schema(responses={200: dict})
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        """`changes` are complete when `state` is done."""
        return Response(_run(get_object_or_404(DryRun, pk=pk)))


def told(case: Case) -> dict[str, Any]:  # Any: a JSON object
    """A case as programs see it."""
    content = Content.from_json(case.content)
    found = zip(case.verdict.findings, found_in(case.verdict.findings, content), strict=True)
    return {
        "id": case.pk,
        "title": case.title,
        "status": case.status,
        "network": case.network,
        "severity": case.verdict.outcome,
        "due_at": case.due_at,
        "decide_by": case.decide_by,
        "late": case.decide_by is not None and case.decide_by < timezone.now() and case.closed_at is None,
        "held": case.missed_at is not None,
        "author": case.author_id,
        "assignee": case.assignee_id,
        "link": case.link,
        "findings": [{**row, "reason": one.reason, "title": one.title} for row, one in found],
    }


def _case(pk: int) -> Case:
    return get_object_or_404(Case.objects.select_related("verdict", "workspace", "author__user"), pk=pk)


def _valid(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:  # Any: DRF's own types
    given = form(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _reason(request: Request) -> str:
    given = request.data if isinstance(request.data, dict) else {}
    return str(given.get("reason", ""))[:1000]


def _made(word: Decision) -> Response:
    word.refresh_from_db()
    return Response(_word(word), status=status.HTTP_201_CREATED)


def _word(word: Decision) -> dict[str, Any]:  # Any: a JSON object
    names = ("id", "choice", "reasons", "reason", "message", "by_name", "decided_at", "takes_effect_at", "expires_at")
    return {**{name: getattr(word, name) for name in names}, "answers": word.answers_id}


def _policy(policy: Policy) -> dict[str, Any]:  # Any: a JSON object
    names = ("id", "rule", "on", "parameters", "places", "networks", "brands", "reason", "starts_on", "ends_on")
    facts = {name: getattr(policy, name) for name in names}
    return {**facts, "replaces": policy.replaces_id, "set_by": policy.set_by_name, "set_at": policy.set_at}


def _parameter(one: Any) -> dict[str, Any]:  # Any: a declared parameter, and a JSON object
    return {"name": one.name, "kind": str(one.kind), "choices": [value for value, _words in one.choices]}


def _run(run: DryRun) -> dict[str, Any]:  # Any: a JSON object
    names = ("id", "rule", "policy", "state", "total", "done", "stopped", "allowed", "changes", "asked_at", "ended_at")
    return {name: getattr(run, name) for name in names}
