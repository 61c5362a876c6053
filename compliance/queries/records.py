"""What is on record about a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property

from compliance.models import Connection, Endorser, Policy, Substantiation
from compliance.protocol import ConnectionKind, Context, Tie
from compliance.queries.brands import same_brand
from compliance.queries.policies import Scope, in_use, policies_on
from compliance.rules.reading.folds import limits_without_adapter, networks_without_adapter
from networks import registry
from networks.protocol import Content, Limits
from workspaces.models import Workspace

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
    used = in_use(records.policies, Scope(places, account_network, brands or [tie.brand for tie in ties]))
    return Context(
        network=account_network,
        limits=limits_of(account_network),
        ties=ties,
        endorser=endorser.name if endorser else "",
        author_role=_role(endorser, ties),
        places=places,
        language=content.language,
        substantiated=records.substantiated,
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
    def substantiated(self) -> frozenset[str]:
        """The claims that may be made, in lower case."""
        claims = Substantiation.objects.on(self.on).values_list("claim", flat=True)
        return frozenset(claim.lower() for claim in claims)

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
