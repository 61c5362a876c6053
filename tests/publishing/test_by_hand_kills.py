"""By hand, through kills, restores and walls: nothing half done, nothing handed out twice, no machine in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from networks.actions import Charge, add_by_hand
from networks.models import Account
from networks.protocol import Content
from publishing import actions, pipeline
from publishing.actions import handing, obstacles, tending
from publishing.actions.claim import claim
from publishing.actions.tending import tend
from publishing.context.by_hand import sheet
from publishing.models import Attempt, Handover, Publication
from publishing.protocol import NotPossible
from publishing.queries import Ref, to_tend
from tests.cast import Cast
from workspaces.tenancy import entered

State = Publication.State
URL = "https://myspace.com/teraskopi/post/1"


class Died(BaseException):
    """kill -9, as far as the database can tell: what was open is rolled back, and nobody says a word."""


@pytest.fixture
def made(cast: Cast) -> Publication:
    """Due, and nobody has come by."""
    with entered(cast.workspace.pk):
        account = add_by_hand(
            "myspace", name="Teras Kopi", handle="teraskopi", charge=Charge(cast.dewi, cast.bob), by=cast.alice
        )
        due_at = datetime.now(UTC) - timedelta(seconds=1)
        return actions.enqueue(Content(text="Kopi"), account=account, due_at=due_at, by=cast.bob)


def ref(publication: Publication) -> Ref:
    return Ref(publication.pk, publication.workspace_id)


def now(cast: Cast, publication: Publication) -> Publication:
    with entered(cast.workspace.pk):
        return Publication.objects.select_related("account", "workspace").get(pk=publication.pk)


def does(cast: Cast, publication: Publication, do: Callable[..., Any], **more: Any) -> Any:
    with entered(cast.workspace.pk):
        return do(now(cast, publication), by=cast.dewi, **more)


def seconds_pass(cast: Cast, publication: Publication) -> None:
    with entered(cast.workspace.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE publishing_handover SET said_at = said_at - interval '11 seconds', next_at = NULL")


def test_a_kill_at_the_end_of_any_step_undoes_it_whole_and_it_is_done_again(
    cast: Cast, made: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[Callable[[], Any], str]] = [
        (lambda: claim(ref(made)), State.HANDED),
        (lambda: does(cast, made, actions.take), State.PUBLISHING),
        (lambda: does(cast, made, actions.put_back), State.HANDED),
        (lambda: does(cast, made, actions.take), State.PUBLISHING),
        (lambda: does(cast, made, actions.say_done, url=URL), State.PUBLISHING),
        (lambda: (seconds_pass(cast, made), tend(ref(made))), State.PUBLISHED),
    ]

    def dies(*_told: object, **_facts: object) -> None:
        raise Died

    for step, then in steps:
        before = _book(cast, made)
        with monkeypatch.context() as patched:
            for module in (handing, tending):
                patched.setattr(module, "note", dies)
            with pytest.raises(Died), transaction.atomic():
                step()
        assert _book(cast, made) == before
        assert ref(made) in to_tend(10) or before["next_at"], "and the clock finds it again"
        step()
        assert now(cast, made).state == then
    with entered(cast.workspace.pk):
        results = list(Attempt.objects.order_by("fence").values_list("result", flat=True))
    assert results == ["absent", "succeeded"]


def _book(cast: Cast, publication: Publication) -> dict[str, Any]:
    with entered(cast.workspace.pk):
        state = Publication.objects.filter(pk=publication.pk).values("state", "fence", "remote_id", "verdict_id").get()
        more = Handover.objects.filter(publication=publication).values("round", "holder", "said_id", "next_at").first()
        tries = list(Attempt.objects.filter(publication=publication).values_list("fence", "result"))
    return {**state, **(more or {"next_at": None}), "tries": tries}


def test_after_a_restore_it_is_asked_about_and_not_handed_out(
    cast: Cast, made: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(ref(made))
    monkeypatch.setattr(handing, "sending_since", lambda: datetime.now(UTC) + timedelta(seconds=1))
    does(cast, made, actions.take)
    assert now(cast, made).state == State.RECONCILING
    pipeline.reconcile(ref(made))
    found = now(cast, made)
    assert found.state == State.NEEDS_ATTENTION
    assert "restored" in found.reason


def test_while_the_publisher_is_off_or_unknown_nobody_sees_the_words(
    cast: Cast, made: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(ref(made))
    does(cast, made, actions.take)
    with entered(cast.workspace.pk):
        assert sheet(now(cast, made), cast.dewi).words == "Kopi"
    for error in (NotPossible("off"), OSError("the witness is away")):

        def away(error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(obstacles, "sending_since", away)
        with entered(cast.workspace.pk):
            shown = sheet(now(cast, made), cast.dewi)
        assert shown.words == "" and shown.pieces == () and shown.obstacle is not None


@pytest.mark.parametrize(
    ("statement", "wall"),
    [
        (
            "UPDATE publishing_publication SET state = 'publishing', fence = fence + 1, lease_until = now() "
            "WHERE id = %s",
            "no_machine_posts_what_goes_by_hand",
        ),
        ("UPDATE publishing_publication SET by_hand = false WHERE id = %s", "by_hand_as_its_account"),
        (
            "UPDATE publishing_publication SET state = 'handed', verdict_id = NULL WHERE id = %s",
            "publishing_requires_a_passing_verdict",
        ),
        (
            "UPDATE networks_account SET by_hand = false WHERE id = (SELECT account_id FROM publishing_publication "
            "WHERE id = %s)",
            "an_account_keeps_its_way",
        ),
    ],
    ids=["claimed", "way", "unscreened", "account"],
)
def test_the_database_says_no(cast: Cast, made: Publication, statement: str, wall: str) -> None:
    with pytest.raises(IntegrityError, match="") as refusal, entered(cast.workspace.pk), connection.cursor() as cursor:
        cursor.execute(statement, [made.pk])
    assert refusal.value.__cause__.diag.constraint_name == wall  # type: ignore[union-attr]  # psycopg's own


def test_what_an_app_posts_is_never_handed_to_a_person(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        account = Account.objects.create(network="x", uid="1", name="Teras Kopi")
        due_at = datetime.now(UTC) + timedelta(hours=1)
        sent = actions.enqueue(Content(text="Kopi"), account=account, due_at=due_at, by=cast.bob)
    with pytest.raises(IntegrityError) as refusal, entered(cast.workspace.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE publishing_publication SET state = 'handed' WHERE id = %s", [sent.pk])
    assert refusal.value.__cause__.diag.constraint_name == "by_hand_as_its_account"  # type: ignore[union-attr]
