"""What the database itself refuses, asked in plain SQL as the app's own role: each wall stands without Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from compliance.models import Verdict
from networks.models import Account
from networks.protocol import Content
from publishing.models import Attempt, Publication
from publishing.rules import LEGAL
from tests.cast import Cast
from workspaces.tenancy import entered

State = Publication.State


@pytest.fixture
def workspace(cast: Cast) -> Iterator[Cast]:
    with entered(cast.workspace.pk):
        yield cast


@pytest.fixture
def account(workspace: Cast) -> Account:
    return Account.objects.create(network="x", uid="1", name="Teras Kopi")


def verdict(content: Content, outcome: str = "allow", network: str = "x") -> Verdict:
    made: Verdict = Verdict.objects.get_or_create(
        fingerprint=content.fingerprint, context_digest=outcome, rules_version="1", network=network, outcome=outcome
    )[0]
    return made


def sealed(account: Account, text: str = "Halo", **more: Any) -> Publication:
    content = Content(text=text)
    fields = {"verdict": verdict(content), **more}
    return Publication.objects.create(
        account=account,
        content=content.as_json(),
        fingerprint=content.fingerprint,
        due_at=timezone.now(),
        **fields,
    )


def sql(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def refused(constraint: str, statement: str, *values: object) -> None:
    """The statement fails, and for this reason."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        sql(statement, *values)
    cause = error.value.__cause__
    assert cause is not None
    assert cause.diag.constraint_name == constraint, str(error.value)


CLAIM = (
    "UPDATE publishing_publication SET state = 'publishing', fence = fence + 1, lease_until = now() + interval '1 min' "
)
ATTEMPT = (
    "INSERT INTO publishing_attempt (workspace_id, publication_id, fence, fingerprint, verdict_id, result, started_at,"
    " error_code, reason, detail) SELECT workspace_id, id, fence, fingerprint, verdict_id, %s, now(), '', '', ''"
    " FROM publishing_publication WHERE id = %s"
)


def claimed(account: Account, **more: Any) -> Publication:
    publication = sealed(account, **more)
    sql(CLAIM + "WHERE id = %s", publication.pk)
    sql(ATTEMPT, "sending", publication.pk)
    publication.refresh_from_db()
    return publication


def settled(publication: Publication, result: str = "succeeded") -> Publication:
    sql("UPDATE publishing_attempt SET result = %s WHERE publication_id = %s", result, publication.pk)
    return publication


def test_the_database_and_the_rules_hold_the_same_table_of_steps(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a, b FROM unnest(%s) a, unnest(%s) b WHERE publication_may_go(a, b)",
            [list(State.values), list(State.values)],
        )
        found = set(cursor.fetchall())
    assert found == {(start, end) for start, ends in LEGAL.items() for end in ends}
    assert set(LEGAL) == set(State.values)


@pytest.mark.parametrize("state", sorted(set(State.values) - {"scheduled", "draft", "awaiting_approval", "held"}))
def test_a_publication_begins_unsent(account: Account, state: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        sealed(account, state=state)


def test_an_illegal_step_is_refused(account: Account) -> None:
    publication = sealed(account)
    for state in ("published", "needs_attention", "refused", "deleted_remote"):
        refused(
            "only_legal_steps",
            "UPDATE publishing_publication SET state = %s, remote_id = '1' WHERE id = %s",
            state,
            publication.pk,
        )


def test_a_fence_never_goes_back_and_a_claim_takes_a_new_one(account: Account) -> None:
    publication = claimed(account)
    refused("the_fence_only_grows", "UPDATE publishing_publication SET fence = 0 WHERE id = %s", publication.pk)
    other = sealed(account, "Dua")
    refused(
        "a_claim_takes_a_new_fence",
        "UPDATE publishing_publication SET state = 'publishing', lease_until = now() WHERE id = %s",
        other.pk,
    )


def test_publishing_means_it_has_a_lease(account: Account) -> None:
    publication = sealed(account)
    refused(
        "publishing_means_it_has_a_lease",
        "UPDATE publishing_publication SET state = 'publishing', fence = fence + 1 WHERE id = %s",
        publication.pk,
    )


def test_published_means_it_has_a_remote_id_and_keeps_it(account: Account) -> None:
    publication = settled(claimed(account))
    mine = publication.pk
    refused(
        "published_means_it_has_a_remote_id",
        "UPDATE publishing_publication SET state = 'published' WHERE id = %s",
        mine,
    )
    sql("UPDATE publishing_publication SET state = 'published', remote_id = '77' WHERE id = %s", mine)
    refused("a_receipt_is_never_changed", "UPDATE publishing_publication SET remote_id = '78' WHERE id = %s", mine)
    other = settled(claimed(account, text="Dua"))
    refused(
        "a_remote_post_has_one_publication",
        "UPDATE publishing_publication SET state = 'published', remote_id = '77' WHERE id = %s",
        other.pk,
    )


@pytest.mark.parametrize("outcome", ["review", "block"])
def test_publishing_requires_a_passing_verdict(account: Account, outcome: str) -> None:
    publication = sealed(account, verdict=verdict(Content(text="Halo"), outcome))
    refused("publishing_requires_a_passing_verdict", CLAIM + "WHERE id = %s", publication.pk)


def test_no_verdict_no_other_bytes_verdict_no_other_networks_verdict(account: Account) -> None:
    for passing in (None, verdict(Content(text="Lain")), verdict(Content(text="Halo"), network="y")):
        publication = sealed(account, verdict=passing)
        refused("publishing_requires_a_passing_verdict", CLAIM + "WHERE id = %s", publication.pk)


@pytest.mark.parametrize("state", ["publishing", "reconciling", "needs_attention", "published"])
def test_content_is_frozen_once_it_may_be_live(account: Account, state: str) -> None:
    publication = claimed(account)
    if state in {"reconciling", "needs_attention"}:
        sql("UPDATE publishing_publication SET state = 'reconciling' WHERE id = %s", publication.pk)
    if state == "needs_attention":
        sql("UPDATE publishing_publication SET state = 'needs_attention' WHERE id = %s", publication.pk)
    if state == "published":
        settled(publication)
        sql("UPDATE publishing_publication SET state = 'published', remote_id = '1' WHERE id = %s", publication.pk)
    refused(
        "content_is_frozen_once_publishing",
        "UPDATE publishing_publication SET content = jsonb_set(content, '{text}', '\"x\"') WHERE id = %s",
        publication.pk,
    )


@pytest.mark.parametrize("result", ["sending", "unknown"])
def test_what_may_be_live_cannot_be_called_unsent(account: Account, result: str) -> None:
    publication = claimed(account)
    if result == "unknown":
        sql("UPDATE publishing_attempt SET result = 'unknown' WHERE publication_id = %s", publication.pk)
        sql("UPDATE publishing_publication SET state = 'reconciling' WHERE id = %s", publication.pk)
    refused(
        "the_attempt_is_settled_first",
        "UPDATE publishing_publication SET state = 'scheduled' WHERE id = %s",
        publication.pk,
    )


def test_content_cannot_be_swapped_in_the_claim_itself(account: Account) -> None:
    publication = sealed(account)
    other = verdict(Content(text="Lain"))
    swap = CLAIM + ", fingerprint = %s, verdict_id = %s WHERE id = %s"
    refused("content_is_frozen_once_publishing", swap, other.fingerprint, other.pk, publication.pk)


def test_a_child_waits_until_its_parent_is_live(account: Account) -> None:
    parent = sealed(account)
    child = sealed(account, "Dua", parent=parent, target_kind="thread")
    refused("a_child_waits_for_its_parent", CLAIM + "WHERE id = %s", child.pk)
    sql(CLAIM + "WHERE id = %s", parent.pk)
    refused("a_child_waits_for_its_parent", CLAIM + "WHERE id = %s", child.pk)
    sql("UPDATE publishing_publication SET state = 'published', remote_id = '1' WHERE id = %s", parent.pk)
    assert sql(CLAIM + "WHERE id = %s", child.pk) == 1


def test_attempts_begin_with_their_claim_are_settled_once_and_stay(account: Account) -> None:
    publication = sealed(account)
    refused("an_attempt_begins_with_its_claim", ATTEMPT, "sending", publication.pk)
    publication = claimed(account, text="Dua")
    attempt = Attempt.objects.get(publication=publication)
    refused("one_open_attempt_per_publication", ATTEMPT, "sending", publication.pk)
    refused("attempts_are_never_deleted", "DELETE FROM publishing_attempt WHERE id = %s", attempt.pk)
    refused("an_attempt_is_settled_once", "UPDATE publishing_attempt SET fence = fence + 1 WHERE id = %s", attempt.pk)
    sql("UPDATE publishing_attempt SET result = 'unknown' WHERE id = %s", attempt.pk)
    for result in ("refused", "later", "sending"):
        refused(
            "an_attempt_is_settled_once",
            "UPDATE publishing_attempt SET result = %s WHERE id = %s",
            result,
            attempt.pk,
        )
    sql("UPDATE publishing_attempt SET result = 'absent' WHERE id = %s", attempt.pk)
    refused(
        "an_attempt_is_settled_once",
        "UPDATE publishing_attempt SET result = 'succeeded' WHERE id = %s",
        attempt.pk,
    )
    refused("one_attempt_per_fence", ATTEMPT, "sending", publication.pk)


def test_one_open_attempt_at_a_time(account: Account) -> None:
    publication = settled(claimed(account), "later")
    sql("UPDATE publishing_publication SET state = 'scheduled' WHERE id = %s", publication.pk)
    sql(CLAIM + "WHERE id = %s", publication.pk)
    sql(ATTEMPT, "sending", publication.pk)
    refused("one_open_attempt_per_publication", ATTEMPT, "sending", publication.pk)


def test_a_publication_cannot_move_to_another_account_or_workspace(account: Account, cast: Cast) -> None:
    publication = sealed(account)
    other = Account.objects.create(network="x", uid="2", name="Lain")
    keeps = "a_publication_keeps_its_account"
    refused(keeps, "UPDATE publishing_publication SET account_id = %s WHERE id = %s", other.pk, publication.pk)
    refused(
        keeps,
        "UPDATE publishing_publication SET workspace_id = %s WHERE id = %s",
        cast.elsewhere.pk,
        publication.pk,
    )


def test_another_workspaces_publication_is_neither_seen_nor_moved(account: Account, cast: Cast) -> None:
    publication = sealed(account)
    with entered(cast.elsewhere.pk):
        assert sql("UPDATE publishing_publication SET hinted_at = now() WHERE id = %s", publication.pk) == 0
        assert Publication.objects.count() == 0
