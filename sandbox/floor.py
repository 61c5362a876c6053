"""The floor: a bare loop that claims due posts from the house's own table and sends them with one async client.

    python -m sandbox.floor --database URL --networks URL --senders FILE --media DIR --workspaces 1,2 --posts 10000

No attempts, no compliance check, no vault, no budgets, no reconciling: what is left of publishing when everything that
keeps a promise is taken out. `manage.py bench publish` says how many times slower the house itself is.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import psycopg2
import psycopg2.extras

Json = dict[str, Any]  # Any: somebody's JSON
AT_ONCE = 500
BATCH = 200
CLAIM = """
UPDATE publishing_publication SET state = 'publishing', fence = fence + 1, lease_until = now() + interval '1 minute'
WHERE id IN (SELECT id FROM publishing_publication WHERE workspace_id = %(here)s AND state = 'scheduled'
    AND due_at <= now() ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
RETURNING id, account_id, content, fence
"""
SETTLE = """
UPDATE publishing_publication p SET state = 'published', remote_id = v.remote_id, url = '', published_at = now(),
    lease_until = NULL
FROM unnest(%(ids)s::bigint[], %(fences)s::bigint[], %(remote)s::text[]) AS v(id, fence, remote_id)
WHERE p.id = v.id AND p.state = 'publishing' AND p.fence = v.fence
"""


class Table:
    """One connection to the house's table, in one workspace at a time."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.link = psycopg2.connect(
            host=parts.hostname, port=parts.port, user=parts.username, password=parts.password, dbname=parts.path[1:],
            options="-c role=gardu_app",
        )  # fmt: skip

    def claim(self, here: int, batch: int) -> list[Json]:
        with self.link, self.link.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute("SELECT set_config('app.workspace', %s, true)", [str(here)])
            cursor.execute(CLAIM, {"here": here, "batch": batch})
            return [dict(row) | {"here": here} for row in cursor.fetchall()]

    def settle(self, done: list[tuple[Json, str]]) -> None:
        for here, own in itertools.groupby(
            sorted(done, key=lambda one: int(one[0]["here"])), lambda one: one[0]["here"]
        ):
            rows = list(own)
            with self.link, self.link.cursor() as cursor:
                cursor.execute("SELECT set_config('app.workspace', %s, true)", [str(here)])
                ids, fences = [row["id"] for row, _ in rows], [row["fence"] for row, _ in rows]
                cursor.execute(SETTLE, {"ids": ids, "fences": fences, "remote": [id for _, id in rows]})


class Client:
    """Sends one post on its network's wire."""

    def __init__(self, session: aiohttp.ClientSession, base: str, senders: Json, media: Path) -> None:
        self.session, self.base, self.senders, self.media = session, base, senders, media
        self.files: dict[str, bytes] = {}

    async def send(self, row: Json) -> str:
        network, uid, token = self.senders[str(row["account_id"])]
        said: str = await getattr(self, network)(uid, token, row["content"])
        return said

    async def x(self, uid: str, token: str, content: Json) -> str:
        answer, _ = await self._ask("POST", "api.x.com/2/tweets", token, json={"text": content["text"]})
        return str(answer["data"]["id"])

    async def facebook(self, uid: str, token: str, content: Json) -> str:
        form = {"message": content["text"], "access_token": token}
        answer, _ = await self._ask("POST", f"graph.facebook.com/v25.0/{uid}/feed", "", data=form)
        return str(answer["id"])

    async def linkedin(self, uid: str, token: str, content: Json) -> str:
        body = {
            "author": uid,
            "commentary": content["text"],
            "visibility": "PUBLIC",
            "distribution": {"feedDistribution": "MAIN_FEED"},
            "lifecycleState": "PUBLISHED",
        }
        headers = {"LinkedIn-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}
        _, told = await self._ask("POST", "api.linkedin.com/rest/posts", token, json=body, headers=headers)
        return str(told["x-restli-id"])

    async def youtube(self, uid: str, token: str, content: Json) -> str:
        key = content["media"][0]["key"]
        data = self.files.setdefault(key, (self.media / key).read_bytes())
        about = {"X-Upload-Content-Type": "video/mp4", "X-Upload-Content-Length": str(len(data))}
        body = {"snippet": {"title": content["title"], "description": content["text"]}, "status": {}}
        where = "youtube.googleapis.com/upload/youtube/v3/videos?part=snippet,status&uploadType=resumable"
        _, told = await self._ask("POST", where, token, json=body, headers=about)
        place = told["location"].removeprefix("https://")
        span = {"Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}"}
        answer, _ = await self._ask("PUT", place, token, data=data, headers=span)
        return str(answer["id"])

    async def _ask(
        self, method: str, where: str, token: str, *, headers: dict[str, str] | None = None, **what: Any
    ) -> tuple[Json, Any]:  # Any: aiohttp's own arguments and headers
        mine = {**(headers or {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        async with self.session.request(method, f"{self.base}/{where}", headers=mine, **what) as reply:
            raw = await reply.read()
            if reply.status >= 300:
                raise RuntimeError(f"{where}: {reply.status} {raw[:300]!r}")
            return json.loads(raw or b"{}"), reply.headers


async def run(chosen: argparse.Namespace) -> int:
    """Until `posts` are live; answers how many are."""
    loop = asyncio.get_running_loop()
    claiming, settling = Table(chosen.database), Table(chosen.database)
    hands = ThreadPoolExecutor(2)
    done: asyncio.Queue[tuple[Json, str]] = asyncio.Queue()
    room = asyncio.Semaphore(AT_ONCE)
    settled = 0

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        client = Client(session, chosen.networks, json.loads(chosen.senders.read_text()), chosen.media)

        async def one(row: Json) -> None:
            try:
                done.put_nowait((row, await client.send(row)))
            finally:
                room.release()

        async def write() -> None:
            nonlocal settled
            while settled < chosen.posts:
                batch = [await done.get()]
                await asyncio.sleep(0.02)
                while not done.empty() and len(batch) < BATCH:
                    batch.append(done.get_nowait())
                await loop.run_in_executor(hands, settling.settle, batch)
                settled += len(batch)

        writer = asyncio.create_task(write())
        under_way: set[asyncio.Task[None]] = set()
        claimed = 0
        for here in itertools.cycle([int(one) for one in chosen.workspaces.split(",")]):
            if claimed >= chosen.posts:
                break
            rows = await loop.run_in_executor(hands, claiming.claim, here, BATCH)
            claimed += len(rows)
            for row in rows:
                await room.acquire()
                task = asyncio.create_task(one(row))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            if not rows:
                await asyncio.sleep(0.02)
        await asyncio.gather(*under_way)
        await writer
    return settled


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.floor", description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--networks", required=True, help="address of the pretend networks")
    parser.add_argument("--senders", type=Path, required=True, help="JSON: account id -> [network, uid, token]")
    parser.add_argument("--media", type=Path, required=True)
    parser.add_argument("--workspaces", required=True)
    parser.add_argument("--posts", type=int, required=True)
    sys.stdout.write(f"{asyncio.run(run(parser.parse_args()))}\n")


if __name__ == "__main__":
    main()
