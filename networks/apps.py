"""The carriers: where the networks come from that workspaces describe themselves."""

from django.apps import AppConfig


class Networks(AppConfig):
    name = "networks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from networks import queries, registry  # noqa: PLC0415 - models are there only now

        registry.lend(queries.lend_own)
