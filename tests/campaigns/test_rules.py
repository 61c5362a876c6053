"""Wall time, tracked links and the choice of media, decided without a database."""

from datetime import UTC, datetime

import pytest

from campaigns.rules import due_at, fitting, print_of, shifts, tagged
from networks.protocol import Content, Counting, Limits, Media, MediaKind

IMAGE = Media(MediaKind.IMAGE, "a", "image/jpeg", "1", 1)
VIDEO = Media(MediaKind.VIDEO, "b", "video/mp4", "2", 1)


def test_jakarta_is_seven_hours_ahead() -> None:
    assert due_at(datetime(2026, 11, 26, 19, 30), "Asia/Jakarta") == datetime(2026, 11, 26, 12, 30, tzinfo=UTC)


def test_a_time_that_the_clock_skips_shifts_forward() -> None:
    skipped = datetime(2027, 3, 14, 2, 30)
    assert due_at(skipped, "America/New_York") == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert shifts(skipped, "America/New_York") == datetime(2027, 3, 14, 3, 30)


def test_a_time_that_comes_twice_takes_the_first() -> None:
    twice = datetime(2026, 11, 1, 1, 30)
    assert due_at(twice, "America/New_York") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert shifts(twice, "America/New_York") is None


@pytest.mark.parametrize(
    ("link", "becomes"),
    [
        (
            "https://teraskopi.example/m?a=1#top",
            "https://teraskopi.example/m?a=1&utm_source=s&utm_medium=m&utm_campaign=c#top",
        ),
        ("https://t.example/?utm_source=mine", "https://t.example/?utm_source=mine&utm_medium=m&utm_campaign=c"),
        ("mailto:halo@teraskopi.example", "mailto:halo@teraskopi.example"),
        ("", ""),
    ],
)
def test_a_link_is_tagged_and_keeps_its_own_tags(link: str, becomes: str) -> None:
    assert tagged(link, source="s", medium="m", campaign="c") == becomes


def limits(**given: object) -> Limits:
    return Limits(text=280, counting=Counting.WEIGHTED, fold_characters=280, **given)  # type: ignore[arg-type]


def test_a_video_network_takes_the_video_and_others_the_pictures() -> None:
    both = (IMAGE, VIDEO)
    assert fitting(both, limits(videos=1, media_required=MediaKind.VIDEO)) == (VIDEO,)
    assert fitting(both, limits(images=4, videos=1)) == (IMAGE,)
    assert fitting(both, limits(images=4, videos=1, mixes_images_and_video=True)) == both
    assert fitting((VIDEO,), limits(images=4, videos=1)) == (VIDEO,)


def test_too_many_pictures_are_not_trimmed_silently() -> None:
    assert len(fitting((IMAGE,) * 5, limits(images=4))) == 5


def test_any_word_changes_the_fingerprint_of_a_post() -> None:
    before = print_of([(1, Content("a"), ""), (2, Content("b"), "")])
    assert before == print_of([(2, Content("b"), ""), (1, Content("a"), "")])
    assert before != print_of([(1, Content("a"), "first!"), (2, Content("b"), "")])
    assert before != print_of([(1, Content("a"), ""), (3, Content("b"), "")])
