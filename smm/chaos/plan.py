"""What will go wrong, drawn from a seed: the same seed gives the same plan to the letter, and its digest says so."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from smm.chaos.places import AROUND, CRASH_POINTS, KILLED_FROM_OUTSIDE, WEATHER

UNSURE = ("reset_after", "error_before", "error_after", "gateway_timeout_after")
CALM_POINTS = ("wire.", "look.", "token.", "thread.")  # a fault besides would keep the process from getting there
OFTEN = {"kill.web": 1, "kill.beat": 2, "kill.parent": 2}
SELDOM = ("duplicate", "media_fails", "unauthorized", "policy", "refresh_lost")  # what only a person can answer
APART = 8  # publications of one account between two lying lists
CHAINS = {"reap.before_commit": ("claim.after_commit", "reap.before_commit")}


@dataclass(frozen=True)
class Ground:
    """What one account can do: its network's class and abilities."""

    network: str
    settles: str  # its reconcile class
    abilities: frozenset[str]  # listing, hooks, token, media, thread, comment, reply

    def fits(self, needs: str) -> bool:
        return not needs or needs in self.abilities


@dataclass(frozen=True)
class Post:
    """One publication: where, what, when (seconds after the start), and what happens to it."""

    number: int
    account: int
    kind: str  # post | thread | comment | reply
    parent: int | None
    due: float
    weather: str = ""
    fuses: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        return f"nr{self.number}z"


@dataclass(frozen=True)
class Happening:
    """Something around the publications, when the one called `at` is due."""

    at: int
    name: str


@dataclass(frozen=True)
class Plan:
    posts: tuple[Post, ...]
    happenings: tuple[Happening, ...]
    digest: str = field(default="", compare=False)


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    publications: int
    kills: int
    faults: float
    seed: int
    seconds: float  # over which they are due


def draw(wish: Wish, grounds: Sequence[Ground]) -> Plan:
    """The plan for `wish` over these accounts."""
    dice = random.Random(wish.seed)  # noqa: S311 - replayable, no secret
    posts = list(_posts(wish, grounds, dice))
    _lay_fuses(posts, wish, grounds, dice)
    _make_weather(posts, wish, grounds, dice)
    happenings = tuple(_happenings(wish, dice))
    said = json.dumps([[asdict(one) for one in posts], [asdict(one) for one in happenings]], sort_keys=True)
    return Plan(tuple(posts), happenings, hashlib.sha256(said.encode()).hexdigest()[:16])


def _posts(wish: Wish, grounds: Sequence[Ground], dice: random.Random) -> Iterator[Post]:
    """Threads, first comments and replies follow their post on the same account."""
    number, step = 0, wish.seconds / max(1, wish.publications)
    turn: list[int] = []
    while number < wish.publications:
        if not turn:
            turn = [place for place, ground in enumerate(grounds) for _ in range(_share(ground))]
            dice.shuffle(turn)
        account = turn.pop()
        followers = _followers(grounds[account], dice)
        root = number
        for place, kind in enumerate(["post", *followers][: wish.publications - number]):
            parent = None if place == 0 else (number - 1 if kind == "thread" else root)
            yield Post(number, account, kind, parent, round(root * step, 3))
            number += 1


def _share(ground: Ground) -> int:
    """The networks that leave every doubt to a person come seldom, as in life."""
    return 1 if ground.settles == "none" else 5


def _followers(ground: Ground, dice: random.Random) -> list[str]:
    drawn = dice.random()
    if drawn < 0.12 and "thread" in ground.abilities:
        return ["thread"] * dice.choice((1, 2))
    if drawn < 0.24 and "comment" in ground.abilities:
        return ["comment"]
    if drawn < 0.30 and "reply" in ground.abilities:
        return ["reply"]
    return []


class Deck:
    """Deals one of each card first, so that a short run meets all; then every card as often as it is in the deck."""

    def __init__(self, cards: Sequence[str], dice: random.Random) -> None:
        self.cards, self.dice = list(cards), dice
        self.left = sorted(set(cards))
        dice.shuffle(self.left)

    def deal(self, fits: Sequence[str]) -> str | None:
        """The next card that is one of `fits`."""
        if not set(fits) & set(self.left):
            waiting = set(self.left)
            fresh = [card for card in self.cards if card not in waiting]
            self.dice.shuffle(fresh)
            self.left += fresh
        found = next((card for card in self.left if card in fits), None)
        if found is not None:
            self.left.remove(found)
        return found


def _lay_fuses(posts: list[Post], wish: Wish, grounds: Sequence[Ground], dice: random.Random) -> None:
    deck = Deck(tuple(CRASH_POINTS), dice)
    order = list(range(len(posts)))
    dice.shuffle(order)
    followed = {post.parent for post in posts if post.kind == "thread"}
    reach = {
        place: [
            point
            for point in CRASH_POINTS
            if _reaches(point, posts[place], grounds[posts[place].account], place in followed)
        ]
        for place in order
    }
    # The points that few publications come to choose first, so that a short run meets them too.
    rare = sorted(CRASH_POINTS, key=lambda point: sum(point in points for points in reach.values()))
    laid = 0
    for point in rare if wish.kills else ():
        free = [place for place in order if point in reach[place] and not posts[place].fuses]
        if free:
            laid += _lay(posts, free[0], point, dice)
            deck.left.remove(point)
    for place in order:
        if laid >= wish.kills:
            break
        if not posts[place].fuses and (dealt := deck.deal(reach[place])):
            laid += _lay(posts, place, dealt, dice)


def _lay(posts: list[Post], place: int, point: str, dice: random.Random) -> int:
    """Lay the fuse of `point` (and what has to go before it) at one publication; how many were laid."""
    fuses = CHAINS.get(point, (point,))
    weather = dice.choice(UNSURE) if point.startswith("look.") else ""
    posts[place] = Post(**{**asdict(posts[place]), "fuses": fuses, "weather": weather})
    return len(fuses)


def _reaches(point: str, post: Post, ground: Ground, followed: bool) -> bool:
    match point:
        case "thread.between_parts":
            return followed
        case "wire.before_final_call":
            return "media" in ground.abilities and post.kind == "post"
        case "token.before_refresh" | "token.before_write":
            return "token" in ground.abilities and post.kind == "post"
        case "look.before_listing" | "look.after_listing":
            return "listing" in ground.abilities
        case "poller.after_take":
            return post.parent is None
        case _:
            return True


def _make_weather(posts: list[Post], wish: Wish, grounds: Sequence[Ground], dice: random.Random) -> None:
    deck = Deck([name for name in WEATHER for _ in range(1 if name in SELDOM else 4)], dice)
    lied = _each_once(posts, grounds, dice) if wish.faults else set()
    since_a_lie: dict[int, int] = {}
    wanted = round(wish.faults * len(posts))
    struck = set(dice.sample(range(len(posts)), min(len(posts), wanted)))
    for place, post in enumerate(posts):
        since_a_lie[post.account] = since_a_lie.get(post.account, APART) + 1
        if place not in struck or post.weather or any(fuse.startswith(CALM_POINTS) for fuse in post.fuses):
            continue
        may_lie = since_a_lie[post.account] > APART and post.account not in lied
        name = deck.deal([name for name in WEATHER if _may_come(name, post, grounds[post.account], may_lie)])
        if name is None:
            continue
        if WEATHER[name].lies:
            since_a_lie[post.account] = 0
        posts[place] = Post(**{**asdict(post), "weather": name})


def _each_once(posts: list[Post], grounds: Sequence[Ground], dice: random.Random) -> set[int]:
    """Every kind of weather somewhere, so that also a short run meets it; answers the accounts that were lied to."""
    lied: set[int] = set()
    names = list(WEATHER)
    dice.shuffle(names)
    for name in names:
        free = [
            place
            for place, post in enumerate(posts)
            if not post.weather
            and not post.fuses
            and _may_come(name, post, grounds[post.account], post.account not in lied)
        ]
        if free:
            chosen = posts[dice.choice(free)]
            posts[chosen.number] = Post(**{**asdict(chosen), "weather": name})
            lied |= {chosen.account} if WEATHER[name].lies else set()
    return lied


def _may_come(name: str, post: Post, ground: Ground, may_lie: bool) -> bool:
    weather = WEATHER[name]
    if not ground.fits(weather.needs) or (weather.lies and not may_lie):
        return False
    if weather.needs in ("media", "token") and post.kind != "post":
        return False
    if weather.needs == "hooks" and post.kind == "post":  # not every network pushes an account's own posts to it
        return False
    # What asks for a wait or for a person would hide how fast the engine comes back from a kill.
    return not (post.fuses and name in ("rate_limited", "rate_limited_silent", "unauthorized", "policy", "media_fails"))


def _happenings(wish: Wish, dice: random.Random) -> Iterator[Happening]:
    """Each thing around at least once, spread over the run; kills from outside on top of those at crash points."""
    again = max(1, wish.publications // 1500)
    names = [name for name in AROUND if not name.startswith("twins.") for _ in range(again)]
    shares = [name for name in KILLED_FROM_OUTSIDE for _ in range(OFTEN.get(name, 4))]
    outside = max(len(KILLED_FROM_OUTSIDE), wish.kills // 12)
    names += [*KILLED_FROM_OUTSIDE, *(dice.choice(shares) for _ in range(outside - len(KILLED_FROM_OUTSIDE)))]
    dice.shuffle(names)
    first, last = wish.publications * 0.06, wish.publications * 0.94
    for place, name in enumerate(names):
        yield Happening(round(first + (last - first) * place / max(1, len(names) - 1)), name)
