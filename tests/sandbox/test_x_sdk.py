"""tweepy's own methods, untouched, against the pretend X."""

from __future__ import annotations

import pytest
import tweepy

from networks.wire import Reach
from tests.sandbox.x_desk import Desk
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def desk(sandbox: SandboxProcess) -> Desk:
    return Desk(sandbox)


@pytest.fixture
def client(sandbox: SandboxProcess, desk: Desk) -> tweepy.Client:
    made = tweepy.Client(desk.account["token"]["id"])
    made.session = Reach(sandbox.url).session()
    return made


def test_posting_reading_and_deleting(client: tweepy.Client, desk: Desk) -> None:
    first = client.create_tweet(text="Pagi ☕ example.com", user_auth=False).data["id"]
    second = client.create_tweet(text="2/2", in_reply_to_tweet_id=first, user_auth=False).data["id"]
    fields = ["created_at", "conversation_id", "public_metrics", "referenced_tweets", "entities"]
    tweets = client.get_users_tweets(desk.id, tweet_fields=fields, max_results=5, user_auth=False).data
    assert [str(tweet.id) for tweet in tweets] == [second, first]
    assert str(tweets[0].conversation_id) == first and str(tweets[0].referenced_tweets[0].id) == first
    assert tweets[1].public_metrics["reply_count"] == 1
    assert tweets[1].entities["urls"][0]["expanded_url"] == "http://example.com"
    assert client.get_tweets([first, "19"], user_auth=False).errors[0]["resource_id"] == "19"
    assert client.delete_tweet(first, user_auth=False).data == {"deleted": True}


def test_hearing_and_hiding(client: tweepy.Client, desk: Desk, sandbox: SandboxProcess) -> None:
    id = desk.posted(text="Menu baru")
    comment = sandbox.control("say", network="x", author="rinamaharani", parent=id, text="Dingin!")
    found = client.get_users_mentions(desk.id, expansions="author_id", user_auth=False)
    assert found.data[0].text == "Dingin!" and found.includes["users"][0].name == "Rina Maharani"
    query = f"conversation_id:{id} -from:{desk.handle}"
    assert str(client.search_recent_tweets(query, user_auth=False).data[0].id) == comment["id"]
    assert client.hide_reply(comment["id"], user_auth=False).data == {"hidden": True}
    assert client.unhide_reply(comment["id"], user_auth=False).data == {"hidden": False}


def test_direct_messages(client: tweepy.Client, desk: Desk, sandbox: SandboxProcess) -> None:
    sent = sandbox.control("message", network="x", author="andiwijaya", to=desk.id, text="Halo")
    answer = client.create_direct_message(participant_id=sent["sender"], text="Hai", user_auth=False).data
    assert answer["dm_conversation_id"] == sent["conversation"]
    fields = ["created_at", "sender_id", "dm_conversation_id"]
    events = client.get_direct_message_events(dm_event_fields=fields, user_auth=False).data
    assert [(event.text, str(event.sender_id)) for event in events] == [("Hai", desk.id), ("Halo", sent["sender"])]
    stranger = sandbox.account("x")["id"]
    with pytest.raises(tweepy.Forbidden):
        client.create_direct_message(participant_id=stranger, text="spam", user_auth=False)


def test_errors_are_tweepys_own(client: tweepy.Client, desk: Desk, sandbox: SandboxProcess) -> None:
    with pytest.raises(tweepy.BadRequest, match="too long"):
        client.create_tweet(text="a" * 281, user_auth=False)
    sandbox.fault("x", "rate_limited", desk.id, times=1, params={"retry_after": 60})
    with pytest.raises(tweepy.TooManyRequests) as later:
        client.get_me(user_auth=False)
    assert later.value.reset_time
    sandbox.fault("x", "listing_503", desk.id, times=1)
    with pytest.raises(tweepy.TwitterServerError):
        client.get_users_tweets(desk.id, user_auth=False)
    client.bearer_token = "nobody"
    with pytest.raises(tweepy.Unauthorized):
        client.get_me(user_auth=False)
