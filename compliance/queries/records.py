"""What is on record about a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cached_property

from compliance.models import Connection, Endorser, Policy, Signature, Substantiation
from compliance.protocol import ConnectionKind, Context, Tie
from compliance.queries.brands import same_brand
from compliance.queries.policies import Parameters, Scope, in_use, policies_on
from compliance.rules.reading.folds import limits_without_adapter, networks_without_adapter
from networks import registry
from networks.protocol import Content, Limits
from workspaces.models import Workspace

DEMANDS = ("unbriefed", "unattested")  # the rules by which counsel asks for an endorser's own word
SIGNED_FOR = 365  # days
LABEL_OPTIONS = ("paid_partnership", "branded_content", "has_paid_product_placement")


DEFAULT_PLACES = ("US",)


def context_for(
    content: Content,
    *,
    account_network: str,
    endorser: Endorser | None,
    workspace: Workspace,
    on: date,
    surface: str = "post",
    brands: Collection[str] = (),
    around: Mapping[str, str] | None = None,
    records: OnRecord | None = None,
    promotes: bool | None = None,
) -> Context:
    """Everything on record on the day `on` that a verdict on `content` depends on. Up to three queries.

    With an endorser the post speaks for the brand; without one it is the brand's own. `brands` narrows the
    connections to these brands (any case); empty: all of the endorser's. `records`: of the same day, where many
    contents are judged in one transaction: what one asked for is not read again for the next. `promotes`: whether it
    speaks for the brand whatever its words; None: yes, as soon as something ties them.
    """
    records = records or OnRecord(on)
    places = places_of(workspace, endorser)
    ties = records.ties(endorser, brands)
    named = tuple(brands or [tie.brand for tie in ties])
    used = in_use(records.policies, Scope(places, account_network, named))
    return Context(
        network=account_network,
        limits=limits_of(account_network),
        ties=ties,
        endorser=endorser.name if endorser else "",
        author_role=_role(endorser, ties),
        audience_age=endorser.audience_age if endorser else "",
        places=places,
        language=content.language,
        substantiated=records.substantiated(named),
        weak=records.weak(named),
        signed=records.signed(endorser, named, used.parameters),
        platform_label=any(bool(content.options.get(name)) for name in LABEL_OPTIONS),
        surface=surface,
        promotes=bool(ties) if promotes is None else promotes,
        around=dict(around or {}),
        today=on,
        parameters=used.parameters,
        wordings=used.wordings,
    )


class OnRecord:
    """What the entered workspace has on record on one day, each thing read once. Lives for one transaction."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._ties: dict[tuple[int | None, tuple[str, ...]], tuple[Tie, ...]] = {}

    @cached_property
    def _claims(self) -> list[tuple[str, str, str]]:
        rows = Substantiation.objects.on(self.on).values_list("claim", "brand", "kind")
        return [(claim.lower(), brand, kind) for claim, brand, kind in rows]

    def substantiated(self, brands: Collection[str]) -> frozenset[str]:
        """The claims that may be made of one of `brands` (none named: of any), in lower case."""
        return frozenset(claim for claim, brand, _ in self._claims if _concerns(brand, brands))

    def weak(self, brands: Collection[str]) -> frozenset[str]:
        """Those of them that rest on no human trial of the very product."""
        strong = Substantiation.Kind.TRIAL
        proved = {claim for claim, brand, kind in self._claims if kind == strong and _concerns(brand, brands)}
        return self.substantiated(brands) - proved

    def signed(
        self, endorser: Endorser | None, brands: Collection[str], parameters: Mapping[str, Parameters]
    ) -> frozenset[str]:
        """What `endorser` confirmed for one of `brands`; asked for only where counsel demands it. One query then."""
        demands = [parameters.get(code, {}) for code in DEMANDS]
        if endorser is None or not any(demand.get("asked") and demand.get("on", True) for demand in demands):
            return frozenset()
        days = max(int(demand.get("days", SIGNED_FOR)) for demand in demands)
        since = self.on - timedelta(days=days)
        found = Signature.objects.filter(endorser=endorser, at__date__gte=since).values_list("brand", "statements")
        return frozenset(code for brand, codes in found if _concerns(brand, brands) for code in codes)

    @cached_property
    def policies(self) -> list[Policy]:
        """Every policy in force, oldest first."""
        return policies_on(self.on)

    def ties(self, endorser: Endorser | None, brands: Collection[str]) -> tuple[Tie, ...]:
        """What ties `endorser` to `brands`."""
        key = (endorser.pk if endorser else None, tuple(brands))
        if key not in self._ties:
            self._ties[key] = _ties(endorser, self.on, brands)
        return self._ties[key]


def _concerns(brand: str, brands: Collection[str]) -> bool:
    return not brand or not brands or any(same_brand(brand, one) for one in brands)


def limits_of(network: str) -> Limits:
    """The network's own table, or a cautious one where no adapter is plugged in."""
    return registry.get(network).limits if registry.known(network) else limits_without_adapter(network)


def folds_known() -> list[tuple[str, str, Limits]]:
    """Where each network cuts a text, as (slug, name, its table): those plugged in, and those only written down."""
    plugged = {network.slug: network.name for network in registry.every()}
    slugs = dict.fromkeys((*plugged, *networks_without_adapter()))
    return [(slug, plugged.get(slug, slug.title()), limits_of(slug)) for slug in slugs]


def places_of(workspace: Workspace, endorser: Endorser | None) -> tuple[str, ...]:
    """Where the post is judged: the workspace's places, the endorser's own and their audience's, each once."""
    theirs = [endorser.place, *endorser.audience_places] if endorser else []
    found = [place for place in (*workspace.places, *theirs) if place]
    return tuple(dict.fromkeys(place.upper() for place in found)) or DEFAULT_PLACES


def _ties(endorser: Endorser | None, on: date, brands: Collection[str]) -> tuple[Tie, ...]:
    if endorser is None:
        return ()
    wanted = [brand for brand in brands if brand.strip()]
    found = Connection.objects.on(on).filter(endorser=endorser).order_by("pk")
    return tuple(
        Tie(
            kind=ConnectionKind(row.kind),
            brand=row.brand,
            value=float(row.value) if row.value is not None else None,
            currency=row.currency,
        )
        for row in found
        if not wanted or any(same_brand(row.brand, brand) for brand in wanted)
    )


def _role(endorser: Endorser | None, ties: Collection[Tie]) -> str:
    if endorser is None:
        return "brand"
    return "employee" if any(tie.kind == ConnectionKind.EMPLOYMENT for tie in ties) else "influencer"
