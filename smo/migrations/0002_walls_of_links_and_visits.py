"""The database's own walls around links, clicks and visits, and the narrow looks across workspaces they need."""

from django.db import migrations

from workspaces.tenancy import append_only, sweep_function, walls

ADDED = {"added_by_id": "workspaces_member"}
LINK = {"link_id": "smo_trackedlink"}
SITE = {"site_id": "smo_site"}


class Migration(migrations.Migration):
    dependencies = [("smo", "0001_links_and_visits")]

    operations = [
        *walls("smo_domain", links=ADDED),
        *walls("smo_utmpreset"),
        *walls("smo_linksetting"),
        *walls("smo_trackedlink", links={"domain_id": "smo_domain", "made_by_id": "workspaces_member"}),
        *walls("smo_targetchange", links=LINK),
        *append_only("smo_targetchange"),
        *walls("smo_linkday", links=LINK),
        *walls("smo_linksplit", links=LINK),
        *walls("smo_seentoday", links=LINK),
        *walls("smo_spooltaken"),
        *walls("smo_site", links=ADDED),
        *walls("smo_visitday", links=SITE),
        *walls("smo_touch", links=SITE),
        *walls("smo_conversion", links=SITE),
        *walls("smo_credit", links={"conversion_id": "smo_conversion"}),
        # A visitor names a host and a code, and no workspace: where they lead.
        *sweep_function(
            "tracked_link(at_host text, with_code text)",
            "workspace_id bigint, link_id bigint, target text, expires_at timestamptz, expired_url text, flag text, "
            "network text, zone text, sites text",
            "SELECT l.workspace_id, l.id, l.target, l.expires_at, l.expired_url, l.flag, l.network, w.zone, "
            "(SELECT string_agg(s.host, ' ') FROM smo_site s WHERE s.workspace_id = l.workspace_id AND NOT s.paused) "
            "FROM smo_trackedlink l JOIN workspaces_workspace w ON w.id = l.workspace_id "
            "LEFT JOIN smo_domain d ON d.id = l.domain_id "
            "WHERE l.code = with_code AND CASE WHEN at_host = '' THEN l.domain_id IS NULL "
            "ELSE d.host = at_host AND d.verified_at IS NOT NULL END",
            reads={
                "smo_trackedlink": "id, workspace_id, code, domain_id, target, expires_at, expired_url, flag, network, "
                "changed_at, checked_at, archived",
                "smo_domain": "id, workspace_id, host, verified_at",
                "smo_site": "id, workspace_id, host, key, paused",
                "workspaces_workspace": "id, zone",
            },
        ),
        # Every web process asks once a second what it must no longer believe.
        *sweep_function(
            "links_changed(since timestamptz)",
            "host text, code text",
            "SELECT coalesce(d.host, ''), l.code FROM smo_trackedlink l LEFT JOIN smo_domain d ON d.id = l.domain_id "
            "WHERE l.changed_at > since",
            reads={},
        ),
        *sweep_function(
            "link_host(at_host text)",
            "workspace_id bigint",
            "SELECT d.workspace_id FROM smo_domain d WHERE d.host = at_host AND d.verified_at IS NOT NULL",
            reads={},
        ),
        *sweep_function(
            "visited_site(with_key text)",
            "workspace_id bigint, site_id bigint",
            "SELECT s.workspace_id, s.id FROM smo_site s WHERE s.key = with_key AND NOT s.paused",
            reads={},
        ),
        *sweep_function(
            "links_to_check(batch integer, before timestamptz)",
            "workspace_id bigint, link_id bigint",
            "SELECT l.workspace_id, l.id FROM smo_trackedlink l WHERE NOT l.archived "
            "AND (l.checked_at IS NULL OR l.checked_at < before) ORDER BY l.checked_at NULLS FIRST LIMIT batch",
            reads={},
        ),
        *sweep_function(
            "days_to_forget()",
            "workspace_id bigint",
            "SELECT DISTINCT old.workspace_id FROM (SELECT workspace_id, day FROM smo_seentoday UNION ALL "
            "SELECT workspace_id, day FROM smo_touch) old JOIN workspaces_workspace w ON w.id = old.workspace_id "
            "WHERE old.day < (now() AT TIME ZONE w.zone)::date",
            reads={"smo_seentoday": "workspace_id, day", "smo_touch": "workspace_id, day"},
        ),
    ]
