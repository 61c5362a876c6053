"""The whole house in its own processes, as `make up` opens it, and the people who work in it with a browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tests.cast import PASSWORD
from tests.sandbox_process import ROOT, SandboxProcess

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from workspaces.models import Member

READY = re.compile(r"\bready$", re.MULTILINE)
Got = TypeVar("Got")


@dataclass
class House:
    """A running house: where it is, its pretend networks, and what it said."""

    url: str
    sandbox: SandboxProcess
    log: Path

    def sign_in(self, browser: Browser, member: Member, troubles: list[str]) -> Page:
        """A fresh browser in which `member` has signed in on the sign-in page."""
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, base_url=self.url, locale="en", reduced_motion="reduce"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: (
                troubles.append(f"{page.url}: {said.text}")
                if said.type == "error" and "status of 4" not in said.text
                else None
            ),
        )
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(member.user.email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/calendar/")
        return page


@contextmanager
def open_house(environment: dict[str, str], data: Path) -> Iterator[House]:
    """`manage.py up` over its own data folder and a free port, until the end of the block."""
    log = data / "up.log"
    data.mkdir(parents=True, exist_ok=True)
    surroundings = {
        **environment,
        "DATA_DIR": str(data),
        "PORT": "0",
        "SANDBOX_PORT": "0",
        "ENVIRONMENT": "development",
    }
    surroundings.pop("SANDBOX_URL", None)
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=surroundings,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            wait_for(lambda: READY.search(log.read_text()), 120, lambda: log.read_text()[-3000:], process)
            text = log.read_text()
            url = re.search(r"Gardu +(http\S+)", text)
            sandbox = re.search(r"Pretend networks +(http\S+)", text)
            assert url and sandbox, text
            yield House(url.group(1), SandboxProcess(sandbox.group(1)), log)
        finally:
            os.kill(process.pid, signal.SIGINT)
            process.wait(timeout=30)


def wait_for(
    happened: Callable[[], Got | None],
    seconds: float,
    tell: Callable[[], str],
    process: subprocess.Popen[bytes] | None = None,
) -> Got:
    """What `happened` gives once it gives something; fails with what `tell` says."""
    end = time.monotonic() + seconds
    while True:
        got = happened()
        if got:
            return got
        assert process is None or process.poll() is None, tell()
        assert time.monotonic() < end, tell()
        time.sleep(0.1)
