"""What templates may say: statuses in words, what changes, time left, and the nav a member is offered."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone, translation

from smm.templatetags.ui import diff, hue, initials, status, time_left, truth
from tests.cast import PASSWORD, Cast


def test_a_change_is_shown_word_by_word_and_neighbours_stand_together() -> None:
    shown = diff("ini paling enak se-Jakarta.", "#iklan ini favorit aku minggu ini.")
    assert shown == "<ins>#iklan </ins>ini <del>paling enak se-Jakarta.</del><ins>favorit aku minggu ini.</ins>"


def test_a_change_shows_what_people_wrote_and_runs_none_of_it() -> None:
    shown = diff("<b>a</b>", "<script>x</script> <b>a</b>")
    assert "<script>" not in shown and "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    ("name", "letters"), [("Dewi Anggraini", "DA"), ("@ayu.ngopi", "AN"), ("Raka", "RA"), ("", "")]
)
def test_a_name_gives_at_most_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters
    assert 0 <= hue(name) < 8


@pytest.mark.parametrize(
    ("minutes", "tone", "words"),
    [
        (12, "bad", "11 min left"),
        (90, "wait", "1 h 29 left"),
        (3000, "draft", "2 days left"),
        (-5, "bad", "5 min late"),
    ],
)
def test_time_left_counts_down_in_words(minutes: int, tone: str, words: str) -> None:
    left = time_left(timezone.now() + timedelta(minutes=minutes) - timedelta(seconds=1 if minutes > 0 else -1))
    assert left is not None and (left.tone, left.words) == (tone, words)


def test_a_status_speaks_the_readers_language_and_an_unknown_one_says_its_name() -> None:
    with translation.override("id"):
        assert str(status("scheduled").word) == "Terjadwal"
    assert status("some_new_thing").word == "Some new thing"


@pytest.mark.parametrize(("value", "yes"), [("True", True), ("1", True), ("", False), ("False", False), ("0", False)])
def test_flags_of_components_mean_what_they_say(value: str, yes: bool) -> None:
    assert truth(value) is yes


def test_a_component_escapes_what_people_wrote() -> None:
    pill = '{% cotton pill status="held" text="{{ evil }}" /%}'
    button = '{% cotton button title="{{ evil }}" %}{{ evil }}{% endcotton %}'
    page = Template(pill + button).render(Context({"evil": '"><script>x</script>'}))
    assert "<script>" not in page and page.count("&lt;script&gt;") == 3


def _nav(client: Client, cast: Cast) -> str:
    response = client.get(f"/w/{cast.workspace.slug}/members/")
    return response.content.decode()


def test_the_nav_offers_what_the_role_may_see_and_where_one_is(client: Client, cast: Cast) -> None:
    client.login(email="alice@example.test", password=PASSWORD)
    page = _nav(client, cast)
    assert f'href="/w/{cast.workspace.slug}/inbox/"' in page
    assert page.count('aria-current="page"') >= 1
    assert "Warung Uji" in page and "Elsewhere" not in page


def test_the_nav_counts_come_alone_for_a_page_that_heard_news(client: Client, cast: Cast) -> None:
    client.login(email="alice@example.test", password=PASSWORD)
    piece = client.get(f"/w/{cast.workspace.slug}/nav/").content.decode()
    assert 'id="nav-count-inbox"' in piece and "hx-swap-oob" in piece and "<nav" not in piece


def test_a_stranger_finds_no_nav(client: Client, cast: Cast) -> None:
    client.login(email="charlie@example.test", password=PASSWORD)
    assert client.get(f"/w/{cast.workspace.slug}/nav/").status_code == 404


def test_the_page_names_no_other_host_and_holds_no_script_of_its_own(client: Client, cast: Cast) -> None:
    client.login(email="alice@example.test", password=PASSWORD)
    page = _nav(client, cast)
    assert "style=" not in page and "onclick" not in page
    assert page.count("<script") == page.count('type="module"') + page.count('type="application/json"')
