"""What a Page may do with comments and messages, and how long it may answer in Messenger."""

from datetime import timedelta

from networks.protocol import Act, Fact, ReplyWindow

SOURCE = "developers.facebook.com/docs/messenger-platform/policy/policy-overview"
ACTS = frozenset({Act.HIDE, Act.REMOVE, Act.LIKE})
CLOSED = "Facebook closes a private conversation 7 days after the customer's last message. Answer in public, or wait."

# 24 hours for anything; then only what a person writes, under its own tag; then nothing.
REPLY_WINDOWS = (
    ReplyWindow(timedelta(hours=24), option="", then=CLOSED, fact=Fact(SOURCE, "2026-11-20")),
    ReplyWindow(timedelta(days=7), option="human_agent", then=CLOSED, fact=Fact(SOURCE, "2026-11-20")),
)
