"""Draws posts and users as X's JSON, in the dialect asked for: tweet.* of the docs or post.* of the document."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from sandbox.nouns import Account, Json, Media, Post
from sandbox.wire import Call
from sandbox.wires.x import edits, words
from sandbox.wires.x.problems import invalid
from sandbox.world import World

BOTH = [
    "article",
    "attachments",
    "card_uri",
    "community_id",
    "context_annotations",
    "conversation_id",
    "created_at",
    "display_text_range",
    "edit_controls",
    "entities",
    "geo",
    "id",
    "lang",
    "media_metadata",
    "non_public_metrics",
    "organic_metrics",
    "paid_partnership",
    "possibly_sensitive",
    "promoted_metrics",
    "public_metrics",
    "reply_settings",
    "scopes",
    "source",
    "text",
    "withheld",
]
FIELDS = {
    "tweet": {*BOTH, "author_id", "in_reply_to_user_id", "referenced_tweets", "edit_history_tweet_ids", "note_tweet"},
    "post": {*BOTH, "article_title", "matched_media_notes", "note_post", "note_request_suggestions"}
    | {"suggested_source_links", "suggested_source_links_with_counts"},
}
EXPANSIONS = {
    "author_id",
    "attachments.media_keys",
    "attachments.poll_ids",
    "entities.mentions.username",
    "geo.place_id",
    "in_reply_to_user_id",
    "attachments.media_source_tweet",
    "referenced_tweets.id",
    "referenced_tweets.id.author_id",
    "edit_history_tweet_ids",
    "edit_history_post_ids",
    "referenced_posts",
    "article.cover_media",
    "article.media_entities",
    "username",
}
USER_FIELDS = {
    "confirmed_email",
    "connection_status",
    "created_at",
    "description",
    "entities",
    "id",
    "is_identity_verified",
    "location",
    "name",
    "parody",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "receives_your_dm",
    "subscribes_to_you",
    "subscription",
    "subscription_type",
    "url",
    "username",
    "verified",
    "verified_followers_count",
    "verified_type",
    "withheld",
    "pinned_tweet_id",
    "most_recent_tweet_id",
}
OBJECT_PARAMETERS = (
    *("tweet.fields", "post.fields", "user.fields", "media.fields", "poll.fields", "place.fields", "expansions"),
)


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(moment % 1 * 1000):03d}Z"


def asked(call: Call, name: str, known: set[str]) -> set[str]:
    """The values of a comma list in the query; raises X's 400 for one it does not know."""
    values = set(filter(None, str(call.query.get(name, "")).split(",")))
    for value in values - known:
        raise invalid(
            f"The `{name}` query parameter value [{value}] is not one of [{','.join(sorted(known))}]",
            **{name: value},
        )
    return values


class Drawing:
    """How one call wants its objects drawn."""

    def __init__(self, call: Call, expansions: set[str] = EXPANSIONS) -> None:
        self.world = call.world
        self.account = call.account
        self.expansions = asked(call, "expansions", expansions)
        heads = {name.split(".")[0] for name in self.expansions}
        new = "post.fields" in call.query or "referenced_posts" in heads or "edit_history_post_ids" in heads
        self.dialect = "post" if new and "tweet.fields" not in call.query else "tweet"
        self.fields = asked(call, f"{self.dialect}.fields", FIELDS[self.dialect]) | heads
        self.user_fields = asked(call, "user.fields", USER_FIELDS)

    def post(self, post: Post, id: str = "") -> Json:
        """A post as its newest edit, or as the edit `id`."""
        id = id or edits.ids(post)[-1]
        wrapped = words.wrap(edits.words(post, id), id, len(post.media))
        full: Json = {
            "id": id,
            "text": wrapped.text,
            f"edit_history_{self.dialect}_ids": edits.ids(post),
            "author_id": post.account,
            "conversation_id": post.root or post.id,
            "created_at": stamp(post.created),
            "lang": "en",
            "public_metrics": self.metrics(post),
            "entities": entities(self.world, post, wrapped),
            "reply_settings": "everyone",
            "paid_partnership": bool(post.extra.get("paid_partnership")),
        }
        if post.media:
            full["attachments"] = {"media_keys": [media_key(self.world, id) for id in post.media]}
        if post.parent:
            parent = self.world.get(Post, "x", post.parent)
            full[f"referenced_{self.dialect}s"] = [{"type": "replied_to", "id": post.parent}]
            if parent:
                full["in_reply_to_user_id"] = parent.account
        if post.account == self.account:
            own = {"impression_count": post.metrics.get("impression_count", 0), "url_link_clicks": 0}
            full["non_public_metrics"] = {**own, "url_link_clicks": post.metrics.get("url_link_clicks", 0)}
        always = {"id", "text", f"edit_history_{self.dialect}_ids"}
        return {name: value for name, value in full.items() if name in always or name in self.fields}

    def metrics(self, post: Post) -> Json:
        shares = "repost_count" if self.dialect == "post" else "retweet_count"
        replies = [one for one in self.world.replies_to("x", post.id) if not one.deleted]
        counted = {"reply_count": len(replies), shares: post.metrics.get("retweet_count", 0)}
        for name in ("like_count", "quote_count", "bookmark_count", "impression_count"):
            counted[name] = post.metrics.get(name, 0)
        return {**counted}

    def user(self, account: Account) -> Json:
        full: Json = {
            "id": account.id,
            "name": account.name,
            "username": account.handle,
            "created_at": stamp(account.created),
            "description": account.extra.get("about", ""),
            "profile_image_url": f"https://pbs.twimg.com/profile_images/{account.id}/avatar_normal.png",
            "protected": False,
            "verified": account.kind == "brand",
            "verified_type": "business" if account.kind == "brand" else "none",
            "public_metrics": {
                "followers_count": account.extra.get("followers", 0),
                "following_count": 0,
                "tweet_count": len(self.world.posts_by("x", account.id)),
                "listed_count": 0,
            },
        }
        always = {"id", "name", "username"}
        return {name: value for name, value in full.items() if name in always or name in self.user_fields}

    def includes(self, posts: list[Post]) -> Json:
        """The expanded objects beside the data."""
        made: Json = {}
        who: list[str] = []
        if "author_id" in self.expansions:
            who += [post.account for post in posts]
        if "in_reply_to_user_id" in self.expansions:
            parents = (self.world.get(Post, "x", post.parent) for post in posts if post.parent)
            who += [parent.account for parent in parents if parent]
        users = (self.world.get(Account, "x", id) for id in dict.fromkeys(who))
        if who:
            made["users"] = [self.user(user) for user in users if user]
        if "attachments.media_keys" in self.expansions:
            every = (self.world.get(Media, "x", id) for post in posts for id in post.media)
            media = [self.media(one) for one in every if one]
            if media:
                made["media"] = media
        return made

    def media(self, media: Media) -> Json:
        kind = media.extra.get("type", "photo")
        drawn: Json = {"media_key": media.extra.get("key", ""), "type": kind}
        if media.alt:
            drawn["alt_text"] = media.alt
        return drawn


def media_key(world: World, id: str) -> str:
    media = world.get(Media, "x", id)
    return str(media.extra.get("key", "")) if media else ""


def entities(world: World, post: Post, wrapped: words.Wrapped) -> Json:
    made: Json = {}
    if wrapped.urls:
        made["urls"] = wrapped.urls
    named = [
        {"start": hit.start(), "end": hit.end(), "username": hit[1]} for hit in words.MENTION.finditer(wrapped.text)
    ]
    for each in named:
        known = world.by_handle("x", str(each["username"]))
        if known:
            each["id"] = known.id
    if named:
        made["mentions"] = named
    tags = [{"start": h.start(), "end": h.end(), "tag": h[1]} for h in words.HASHTAG.finditer(wrapped.text)]
    if tags:
        made["hashtags"] = tags
    return made


def page_token(id: str) -> str:
    return base64.b32encode(f"page-{id}".encode()).decode().rstrip("=").lower()


def page_start(call: Call, *names: str) -> str:
    """The post id a page begins after, out of its token ("" for the first page)."""
    token = next((str(call.query[name]) for name in names if name in call.query), "")
    if not token:
        return ""
    try:
        padded = token.upper() + "=" * (-len(token) % 8)
        return base64.b32decode(padded).decode().removeprefix("page-")
    except ValueError as error:
        raise invalid(f"The `{names[0]}` query parameter value [{token}] is not valid") from error
