"""The sentences that the browser says by itself, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

WORDS: dict[str, str | Promise] = {
    "undone": _("Undone."),
    "undo": _("Undo"),
    "error_server": _("That did not work: Gardu ran into an error."),
    "error_server_do": _("Nothing was changed. Try again; if it stays, tell your administrator this number."),
    "error_offline": _("You are offline, or Gardu cannot be reached."),
    "error_offline_do": _("Nothing was changed. Check the connection and try again."),
    "error_slow": _("Gardu took too long to answer."),
    "error_slow_do": _("It may still have worked: reload before you try again."),
    "error_signed_out": _("You have been signed out."),
    "error_signed_out_do": _("Sign in in another tab, then try again here: what you wrote is kept."),
    "error_not_allowed": _("Your role does not allow this."),
    "error_not_allowed_do": _("Ask an owner or admin of this workspace."),
    "error_gone": _("This is no longer there."),
    "error_gone_do": _("Somebody may have moved or deleted it. Reload the page."),
    "error_too_large": _("That is too large."),
    "error_too_large_do": _("Choose a smaller file."),
    "error_too_often": _("That was too many at once."),
    "error_too_often_do": _("Wait a minute and try again."),
    "error_busy": _("Gardu is busy for a moment."),
    "error_busy_do": _("Try again in a few seconds."),
    "saving": _("Saving…"),
    "saved": _("Saved {time}"),
    "not_saved": _("Not saved"),
    "not_saved_do": _("Your words are kept in this browser. We try again by ourselves."),
    "restored": _("We put back words from this browser that had not been saved."),
    "counted": _("{network}: {left} left"),
    "over": _("{network}: {over} too many"),
    "folds_here": _("folds here"),
    "moved": _("Moved to {when}"),
    "moving": _("Moving. Arrows choose the day and time, Enter drops, Escape cancels."),
    "move_cancelled": _("Not moved."),
    "move_past": _("That time is over. Drop it on a day to come."),
    "move_failed": _("Not moved."),
    "upload_left": _("{percent} %, {seconds} s left"),
    "upload_failed": _("{name} was not uploaded."),
    "upload_done": _("{name} is uploaded."),
    "upload_too_large": _("{name} is larger than {limit} MB."),
    "upload_wrong_type": _("{name}: this kind of file cannot be posted."),
    "new_items": _("{count} new"),
    "live_off": _("Reconnecting…"),
    "minutes": _("{n} min"),
    "hours": _("{h} h {m}"),
    "days": _("{n} d"),
    "left": _("{span} left"),
    "late": _("{span} late"),
    "copied": _("Copied."),
    "new_bar": _("{n} new. Show them"),
    "order_bar": _("The order has changed. Show it"),
    "chosen": _("{n} chosen"),
    "marked_new": _("Marked as new."),
}


@register.simple_tag
def words() -> SafeString:
    """A `<script type="application/json" id="words">` that static/src/js reads; data, so no policy is bent."""
    return json_script({key: str(value) for key, value in WORDS.items()}, "words")
