"""Start the pretend social networks: `python -m sandbox --port 8100 --data DIR --app-url http://127.0.0.1:8000`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from aiohttp import web

from sandbox.demo import furnish
from sandbox.house import House
from sandbox.server import make_app


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8100, help="port; 0 takes a free one")
    parser.add_argument("--data", type=Path, default=None, help="folder of the journal; none: memory")
    parser.add_argument("--app-url", default="http://127.0.0.1:8000", help="where Gardu runs")
    parser.add_argument("--latency-ms", type=float, default=0, help="what every call to a network takes")
    parser.add_argument("--also", action="append", default=[], help="a module with more pretend networks (WIRES)")
    return parser.parse_args(arguments)


async def serve(chosen: argparse.Namespace) -> None:
    """Run until told to stop; the first line printed is the address."""
    house = House(chosen.data, chosen.app_url, chosen.latency_ms / 1000, chosen.also)
    furnish(house)
    runner = web.AppRunner(make_app(house), access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, chosen.host, chosen.port)
    await site.start()
    port = runner.addresses[0][1]
    shown = "127.0.0.1" if chosen.host in ("0.0.0.0", "::") else chosen.host  # noqa: S104 - compared, not bound
    sys.stdout.write(f"sandbox http://{shown}:{port}\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
    await runner.cleanup()


def main() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options(sys.argv[1:])))


if __name__ == "__main__":
    main()
