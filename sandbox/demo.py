"""The people and brands a fresh sandbox starts with."""

from __future__ import annotations

from sandbox.house import House
from sandbox.nouns import Account, App, Json

PEOPLE = (
    ("rinamaharani", "Rina Maharani"),
    ("bagusprakoso", "Bagus Prakoso"),
    ("dewilestari", "Dewi Lestari"),
    ("andiwijaya", "Andi Wijaya"),
    ("sintahalim", "Sinta Halim"),
    ("jamescarter", "James Carter"),
    ("putrianggraini", "Putri Anggraini"),
    ("yusufrahman", "Yusuf Rahman"),
)
STAFF = ("sariwulandari", "Sari Wulandari")
BRANDS = (
    ("teraskopi", "Teras Kopi", "Kopi nusantara, diseduh pelan. Jakarta."),
    ("teraskopilab", "Teras Kopi Lab", "Brewing notes and classes from Teras Kopi."),
)
# Where a brand goes by another name.
NAMES = {("youtube", "teraskopi"): ("TerasKopiTV", "Teras Kopi TV")}


def furnish(house: House) -> None:
    """Add what is missing of the standing world; safe to call at every start."""
    for slug in house.wires:
        if house.world.get(App, slug, f"sandbox-{slug}-client") is None:
            _open(house, slug)
        _point(house, slug)


def _open(house: House, slug: str) -> None:
    house.world.put(App(slug, f"sandbox-{slug}-client", f"sandbox-{slug}-secret", "Gardu", [], ""))
    staff = add_account(house, slug, *STAFF)
    for handle, name in PEOPLE:
        add_account(house, slug, handle, name)
    for handle, name, about in BRANDS:
        handle, name = NAMES.get((slug, handle), (handle, name))
        extra: Json = {"about": about, "followers": 18_240}
        add_account(house, slug, handle, name, kind="brand", admins=[staff.id], extra=extra)


def _point(house: House, slug: str) -> None:
    """The app may have moved to another address since the last start."""
    app = house.app(slug)
    redirects = [f"{house.app_url}/connect/{slug}/callback/"]
    webhook = f"{house.app_url}/hooks/{slug}/"
    if app.redirects[:1] != redirects or app.webhook != webhook:
        app.redirects = redirects
        app.webhook = webhook
        app.verify_token = f"sandbox-{slug}-verify"
        house.world.put(app)


def add_account(
    house: House,
    network: str,
    handle: str,
    name: str,
    *,
    kind: str = "person",
    admins: list[str] | None = None,
    extra: Json | None = None,
) -> Account:
    """A new person or brand with an id in the network's own looks."""
    wire = house.wires[network]
    id = wire.new_id(house.world, kind, handle)
    return house.world.put(Account(network, id, handle, name, kind, admins or [], extra=extra or {}))


def staff_of(house: House, network: str) -> Account:
    """The person who runs the demo brands."""
    found = house.world.by_handle(network, STAFF[0])
    assert found is not None
    return found
