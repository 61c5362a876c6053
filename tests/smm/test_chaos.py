"""Chaos, small: every crash point, every trouble and every fault at least once; nothing doubled, nothing lost.

The long run is made by hand: `manage.py chaos --publications 10000 --kills 1000 --minutes 18`.
"""

import ast
import subprocess
import sys

import pytest

from smm.chaos import taps
from smm.chaos.places import CRASH_POINTS, STANDS_FOR
from smm.chaos.plan import Ground, Wish, draw
from tests.house import tree

SEED = 1
ALL = frozenset({"listing", "hooks", "token", "media", "thread", "comment", "reply"})
GROUNDS = [Ground(f"n{number}", settles, ALL) for number, settles in enumerate(("listable", "keyed", "none"))]


@pytest.mark.slow
def test_everything_that_can_go_wrong_goes_wrong_and_nothing_is_doubled_lost_or_misreported() -> None:
    words = ["chaos", "--publications", "80", "--kills", "20", "--minutes", "0.15", "--seed", str(SEED)]
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=tree.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    wish = Wish(publications=500, kills=100, faults=0.3, seed=7, seconds=60)
    again = Wish(publications=500, kills=100, faults=0.3, seed=7, seconds=60)
    other = Wish(publications=500, kills=100, faults=0.3, seed=8, seconds=60)
    assert draw(wish, GROUNDS) == draw(again, GROUNDS)
    assert draw(wish, GROUNDS).digest == draw(again, GROUNDS).digest != draw(other, GROUNDS).digest


def test_the_plan_holds_what_was_wished_for() -> None:
    plan = draw(Wish(publications=1000, kills=200, faults=0.3, seed=3, seconds=60), GROUNDS)
    assert len(plan.posts) == 1000
    assert sum(len(post.fuses) for post in plan.posts) >= 200
    assert 250 <= sum(bool(post.weather) for post in plan.posts) <= 350
    assert {fuse for post in plan.posts for fuse in post.fuses} == set(CRASH_POINTS)


def test_every_crash_point_stands_in_the_code_and_every_one_in_the_code_has_its_line() -> None:
    found = {
        str(node.args[0].value)
        for path in tree.files(".py")
        if path.parts[0] != "tests"
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "crash_point"
        if isinstance(node.args[0], ast.Constant)
    }
    assert found | set(taps.STEPS) == set(CRASH_POINTS) - set(STANDS_FOR)
