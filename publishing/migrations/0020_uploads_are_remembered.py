"""An upload that a killed process began is gone on with by another one."""

import django.db.models.deletion
from django.db import migrations, models

from workspaces.tenancy import walls


class Migration(migrations.Migration):
    dependencies = [("publishing", "0019_the_clock_at_scale"), ("workspaces", "0002_walls")]
    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("noted_at", models.DateTimeField(auto_now=True)),
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="upload",
                        to="publishing.publication",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        *walls("publishing_upload", links={"publication_id": "publishing_publication"}),
    ]
