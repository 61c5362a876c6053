"""What tests of the sandbox share: one sandbox process, clean of faults for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox_process import SandboxProcess, running_sandbox


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxProcess]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> Iterator[SandboxProcess]:
    """The sandbox with all faults off and the rates X documents."""
    sandbox_process.control("faults/clear")
    sandbox_process.control("settings", latency_ms=0, clock=0, rate_scale=1, processing_seconds=1)
    yield sandbox_process
    sandbox_process.control("faults/clear")
