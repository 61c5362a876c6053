"""Who may do what: one table, read by pages, API and verbs alike."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MARKETER = "marketer", _("Marketer")
    AGENT = "agent", _("Support agent")
    OFFICER = "officer", _("Compliance officer")
    ANALYST = "analyst", _("Analyst")
    CLIENT = "client", _("Client approver")


EVERYONE = frozenset(Role)
MANAGERS = frozenset({Role.OWNER, Role.ADMIN})
WRITERS = MANAGERS | {Role.MARKETER}

PERMISSIONS: dict[str, frozenset[Role]] = {
    "see": EVERYONE,
    "own_workspace": frozenset({Role.OWNER}),
    "manage_workspace": MANAGERS,
    "manage_members": MANAGERS,
    "manage_api_keys": MANAGERS,
    "connect_accounts": WRITERS,
    "write_posts": WRITERS,
    "schedule": WRITERS,
    "approve_posts": MANAGERS | {Role.CLIENT},
    "settle_publications": WRITERS,
    "post_by_hand": WRITERS | {Role.AGENT},
    "pause_publishing": MANAGERS | {Role.OFFICER},
    "pause_some": WRITERS | {Role.OFFICER},  # one campaign or channel
    "manage_campaigns": WRITERS,
    "manage_window": WRITERS,  # links, share buttons, feeds, page checks
    "record_connections": WRITERS | {Role.OFFICER},
    "read_contracts": WRITERS | {Role.OFFICER},
    "read_evidence": WRITERS | {Role.OFFICER, Role.ANALYST},
    "make_packs": MANAGERS | {Role.OFFICER},
    "keep_records": frozenset({Role.OWNER, Role.OFFICER}),  # how long, and legal holds
    "watch_endorsers": WRITERS | {Role.OFFICER},
    "decide_cases": frozenset({Role.OWNER, Role.OFFICER}),
    "manage_policies": frozenset({Role.OWNER, Role.OFFICER}),
    "read_inbox": MANAGERS | {Role.MARKETER, Role.AGENT, Role.OFFICER, Role.ANALYST},
    "answer_inbox": MANAGERS | {Role.MARKETER, Role.AGENT},
    "approve_replies": MANAGERS | {Role.MARKETER},
    "manage_desk": MANAGERS,  # teams, promises, open hours, whose replies are looked at
    "read_audit": MANAGERS | {Role.OFFICER},
}
