"""The database's own wall around each tenant table."""

from django.db import migrations

from workspaces.tenancy import walls


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial"), ("workspaces", "0002_walls")]
    operations = [
        *walls("compliance_endorser"),
        *walls(
            "compliance_connection",
            links={"endorser_id": "compliance_endorser", "recorded_by_id": "workspaces_member"},
        ),
        *walls("compliance_verdict"),
        *walls("compliance_decision", links={"verdict_id": "compliance_verdict", "by_id": "workspaces_member"}),
    ]
