"""Nothing secret gets into a log line, and each line tells which request it belongs to."""

import json
import logging
import sys

import pytest
from django.test import Client

from smm.logs import JsonFormatter, PlainFormatter, redact, request_id

SECRET = "s3cr3t-V4lue_9aZ.x"


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {SECRET}",
        f"{{'Authorization': 'Bearer {SECRET}'}}",
        f'{{"access_token": "{SECRET}", "expires_in": 3600}}',
        f"GET https://graph.example/v25.0/me?access_token={SECRET}&fields=id",
        f"refresh_token={SECRET}",
        f"client_secret = {SECRET}",
        f"Credentials(access_token='{SECRET}', scopes=())",
        f"appsecret_proof={SECRET}&x=1",
        f"input_token={SECRET}",
        f"GET /connect/back?state={SECRET}&code={SECRET} HTTP/1.1",
        f"connecting to postgres://gardu_app:{SECRET}@127.0.0.1:5432/gardu",
        f"redis://:{SECRET}@127.0.0.1/0",
        f"Cookie: sessionid={SECRET}; csrftoken={SECRET}",
        f"X-Api-Key: {SECRET}",
        f"password={SECRET}",
        f'Authorization: OAuth oauth_consumer_key="k", oauth_signature="{SECRET}"',
        f"code_verifier={SECRET}",
    ],
)
def test_no_secret_survives(line: str) -> None:
    assert SECRET not in redact(line)


@pytest.mark.parametrize(
    "line",
    [
        "Publication 17 is live at https://x.example/9?lang=id",
        "state: live, code: 200",
        "3 tokens of rate left",
        "retrying in 5 s",
    ],
)
def test_ordinary_lines_stay_as_they_are(line: str) -> None:
    assert redact(line) == line


def record(message: str, *arguments: object, error: bool = False) -> logging.LogRecord:
    exc_info = sys.exc_info() if error else None
    return logging.LogRecord("publishing", logging.ERROR, __file__, 1, message, arguments, exc_info)


@pytest.mark.parametrize("formatter", [PlainFormatter(), JsonFormatter()])
def test_arguments_and_tracebacks_are_redacted_too(formatter: logging.Formatter) -> None:
    try:
        raise ValueError(f"refused: access_token={SECRET}")
    except ValueError:
        line = formatter.format(record("sent %s", {"access_token": SECRET}, error=True))
    assert "ValueError" in line
    assert SECRET not in line


def test_a_machine_readable_line_carries_the_request() -> None:
    token = request_id.set("req-123456")
    line = json.loads(JsonFormatter().format(record("hello %s", "Ayu")))
    request_id.reset(token)
    assert line["request"] == "req-123456"
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "publishing", "hello Ayu")


def test_every_answer_carries_its_requests_id(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "from-proxy-1"})["X-Request-ID"] == "from-proxy-1"
    made = client.get("/healthz", headers={"X-Request-ID": "no\tgood <script>"})["X-Request-ID"]
    assert len(made) == 12


def test_talkative_libraries_never_print_what_they_send() -> None:
    for name in ("tweepy.client", "requests_oauthlib.oauth2_session", "urllib3.connectionpool", "oauthlib"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
