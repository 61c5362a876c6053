"""The front end's own rules: every icon is in the sprite, every component in the gallery and in its handbook."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("networks/adapters/*/*.html")]
COMPONENTS = sorted(path.stem for path in (ROOT / "templates" / "components").glob("*.html"))
NAMED = re.compile(r"""<c-icon name="([a-z0-9-]+)"|\bicon(?:_end)?="([a-z0-9-]+)"|\{% icon "([a-z0-9-]+)\"""")


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = set((ROOT / "static" / "build" / "icons.txt").read_text().split())
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in TEMPLATES
        for found in NAMED.findall(path.read_text())
        if (name := "".join(found)) not in sprite
    }
    assert not missing, sorted(missing)


def test_every_component_is_shown_in_the_gallery() -> None:
    gallery = "".join(path.read_text() for path in ROOT.glob("templates/_ui/*.html"))
    used_inside = "".join((ROOT / "templates" / "components" / f"{name}.html").read_text() for name in COMPONENTS)
    shown = set(re.findall(r"<c-([a-z-]+)", gallery + used_inside))
    missing = [name for name in COMPONENTS if name.replace("_", "-") not in shown]
    assert not missing, missing


def test_every_component_is_in_the_handbook() -> None:
    handbook = (ROOT / "static" / "README.md").read_text()
    missing = [name for name in COMPONENTS if f"c-{name.replace('_', '-')}" not in handbook]
    assert not missing, missing


def test_the_lock_of_the_front_end_names_no_host() -> None:
    assert "http" not in (ROOT / "package-lock.json").read_text()
