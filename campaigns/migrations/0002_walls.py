"""The database's own wall around each tenant table."""

from django.db import migrations

from workspaces.tenancy import walls


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("workspaces", "0002_walls"),
        ("networks", "0002_walls"),
        ("compliance", "0002_walls"),
        ("publishing", "0002_walls"),
    ]
    operations = [
        *walls("campaigns_campaign", links={"endorser_id": "compliance_endorser"}),
        *walls("campaigns_mediaasset", links={"uploader_id": "workspaces_member"}),
        *walls("campaigns_plan", links={"uploaded_by_id": "workspaces_member"}),
        *walls(
            "campaigns_post",
            links={
                "author_id": "workspaces_member",
                "campaign_id": "campaigns_campaign",
                "endorser_id": "compliance_endorser",
                "plan_id": "campaigns_plan",
            },
        ),
        *walls(
            "campaigns_variant",
            links={
                "post_id": "campaigns_post",
                "account_id": "networks_account",
                "publication_id": "publishing_publication",
            },
        ),
        *walls(
            "campaigns_postmedia",
            links={"post_id": "campaigns_post", "asset_id": "campaigns_mediaasset"},
        ),
        *walls(
            "campaigns_approval",
            links={
                "post_id": "campaigns_post",
                "author_id": "workspaces_member",
                "by_id": "workspaces_member",
            },
        ),
    ]
