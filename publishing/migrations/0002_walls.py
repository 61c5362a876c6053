"""The database's own wall around each tenant table."""

from django.db import migrations

from workspaces.tenancy import walls


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0001_initial"),
        ("compliance", "0002_walls"),
        ("networks", "0002_walls"),
    ]
    operations = [
        *walls(
            "publishing_publication",
            links={
                "account_id": "networks_account",
                "parent_id": "publishing_publication",
                "endorser_id": "compliance_endorser",
                "verdict_id": "compliance_verdict",
            },
        ),
        *walls(
            "publishing_attempt",
            links={"publication_id": "publishing_publication", "verdict_id": "compliance_verdict"},
        ),
    ]
