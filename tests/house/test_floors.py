"""The linter sees imports; these see what it cannot: foreign keys that point up a floor."""

import configparser

from django.apps import apps
from django.db.models import Model

from tests.house.tree import ROOT


def floors() -> dict[str, int]:
    """Each app's floor, the ground being the highest number, as the import contracts say."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:floors"]["layers"].split("\n")
    names = [[name.strip(" ()") for name in line.split("|")] for line in lines if line.strip()]
    return {name: number for number, floor in enumerate(names) for name in floor}


def house_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in floors()]


def test_no_foreign_key_points_up_or_to_a_stranger_next_door() -> None:
    floor = floors()
    wrong = []
    for model in house_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not target or field.auto_created or target._meta.app_label not in floor:
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if floor[there] < floor[here] or (floor[there] == floor[here] and here != there):
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


def test_there_are_models_on_several_floors() -> None:
    assert len({model._meta.app_label for model in house_models()}) >= 3
