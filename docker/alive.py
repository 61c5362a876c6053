"""Health checks of the containers.

`alive.py web` asks the app whether it can work; `alive.py asks NAME` whether the process of this container that
calls itself NAME at PostgreSQL (PGAPPNAME) has asked it something within the last minute.
"""

import os
import sys
import urllib.request

import psycopg2

LATELY = """
    SELECT 1 FROM pg_stat_activity
    WHERE application_name = %s AND client_addr = inet_client_addr() AND state_change > now() - interval '1 minute'
"""


def web() -> bool:
    """Whether /readyz says yes."""
    with urllib.request.urlopen("http://127.0.0.1:8000/readyz", timeout=4) as answer:
        return bool(answer.status == 200)


def asks(name: str) -> bool:
    """Whether PostgreSQL has heard from that process lately."""
    address = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)
    connection = psycopg2.connect(address, application_name="health", connect_timeout=4)
    try:
        with connection.cursor() as cursor:
            cursor.execute(LATELY, [name])
            return cursor.fetchone() is not None
    finally:
        connection.close()


if __name__ == "__main__":
    try:
        sys.exit(0 if (web() if sys.argv[1] == "web" else asks(sys.argv[2])) else 1)
    except (OSError, psycopg2.Error) as problem:
        sys.exit(str(problem))
