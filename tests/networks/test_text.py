"""Texts are as long as each network says, and fold where a reader would have to open them."""

import time

import pytest

from networks import text
from networks.protocol import Counting, Limits

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
WEIGHTS = [
    ("", 0),
    ("Kopi pagi.", 10),
    ("https://teraskopi.example.com/menu?utm_source=x", 23),
    ("http://a.id", 23),
    ("teraskopi.com", 23),
    ("teraskopi.id", 23),
    ("foo.co.jp", 23),
    ("Menu: https://a.com, promo: b.com!", 6 + 23 + 9 + 23 + 1),
    ("satu.Dua", 8),  # no top-level domain is called "dua"
    ("halo@teraskopi.com", 18),  # an address is not a link
    ("#kopi.com", 9),
    ("$kopi.com", 9),
    ("v1.2.3", 6),
    ("https://id.wikipedia.org/wiki/Kopi_(minuman)", 23),
    ("(https://a.com/b)", 25),
    ("https://a.com.", 24),
    ("https://a.com/b?c=d&e=f#g", 23),
    ("http://☕.net/", 23),
    ("見てexample.comですhttps://a.com/bね", 4 + 23 + 4 + 23 + 2),
    ("コーヒー", 8),
    ("커피", 4),
    ("قهوة", 4),
    ("กาแฟ", 4),
    ("cafe\u0301", 4),  # counted in NFC
    ("☕", 2),
    ("☕️", 2),
    ("👍🏽", 2),
    (FAMILY, 2),
    ("\U0001f426\u200d\U0001f525", 2),  # phoenix
    ("\U0001f1ee\U0001f1e9", 2),  # flag of Indonesia
    ("1\ufe0f\u20e3", 2),
    ("\U0001f431\u200d☕", 5),  # no emoji joins these two: 2 + joiner + 2
    ("© 2026", 6),
    ("©️", 2),
    ("“Kopi” — ‘enak’…", 17),  # quotes and dash are light, the ellipsis is heavy
    ("\U00010000\U0010ffff", 4),
    ("baris\nbaru", 10),
]


@pytest.mark.parametrize(("written", "weight"), WEIGHTS)
def test_the_weighted_length_is_twitter_texts(written: str, weight: int) -> None:
    assert text.weighted(written) == weight
    assert text.count(written, Counting.WEIGHTED) == weight


def test_two_hundred_and_eighty_letters_and_half_as_many_ideographs_fill_a_post() -> None:
    assert text.weighted("a" * 280) == text.weighted("の" * 140) == text.weighted("😀" * 140) == 280


def test_the_other_ways_of_counting_disagree_as_they_should() -> None:
    written = f"é{FAMILY}"
    assert text.graphemes(written) == 2
    assert text.utf16_units(written) == 1 + 11
    assert text.utf8_bytes(written) == 2 + 25
    assert text.graphemes("नमस्ते") == 3
    assert text.graphemes("a\r\nb") == 3
    with pytest.raises(ValueError, match="escaped"):
        text.count("x", Counting.ESCAPED)


def limits(characters: int, lines: int = 0, counting: Counting = Counting.CHARACTERS) -> Limits:
    return Limits(text=1000, counting=counting, fold_characters=characters, fold_lines=lines)


def test_a_text_folds_by_characters_or_by_lines_whichever_comes_first() -> None:
    assert text.fold("pendek", limits(10)) == "pendek"
    assert text.fold("0123456789ABC", limits(10)) == "0123456789"
    assert text.fold("satu\ndua\ntiga", limits(100, 2)) == "satu\ndua"
    assert text.fold("satu\r\ndua\r\ntiga", limits(6, 2)) == "satu\r\nd"
    assert text.fold("satu\ndua", limits(0, 2)) == "satu\ndua"
    assert text.fold("apa saja" * 99, limits(0)) == "apa saja" * 99


def test_a_fold_never_cuts_a_character_or_a_weighed_link_in_two() -> None:
    assert text.fold(f"ab{FAMILY}cd", limits(3)) == f"ab{FAMILY}"
    weighing = limits(24, counting=Counting.WEIGHTED)
    assert text.fold("ab https://a.com/menu", weighing) == "ab "
    assert text.fold("https://a.com/a-long-way-down-the-menu x", weighing) == "https://a.com/a-long-way-down-the-menu "
    assert text.fold("のの", limits(3, counting=Counting.WEIGHTED)) == "の"


def test_many_domains_do_not_make_the_counter_slow() -> None:
    hostile = ("a." * 5000, "(" * 5000, "http://a.com/" + "(a" * 3000, "http://a.com/" + "a!" * 9000, "の" * 9000 + ".")
    started = time.monotonic()
    for written in (*hostile, "a-" * 9000 + ".com", "http://a.com/" + "((a)" * 3000, "a.com?" + "&?" * 9000):
        assert text.weighted(written) > 0
    assert time.monotonic() - started < 5
