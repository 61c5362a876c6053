"""What people and the clock do with publications: queue, change, hold, stop and settle them."""

from publishing.actions.afterwards import delete_live, edit_live, measure
from publishing.actions.audits import accept_gone, delete_copy, dismiss, look_soon
from publishing.actions.brake import (
    due_meanwhile,
    pause_account,
    pause_lot,
    pause_workspace,
    resume_account,
    resume_lot,
    resume_workspace,
    stopped_by,
)
from publishing.actions.gate import clear
from publishing.actions.handing import keep_picture, put_back, say_done, say_not, take, take_over, undo
from publishing.actions.queue import (
    Setting,
    cancel,
    enqueue,
    hold,
    publish_now,
    release,
    release_account,
    replace_content,
    reschedule,
)
from publishing.actions.settle import settle_by_hand

__all__ = [
    "Setting",
    "accept_gone",
    "cancel",
    "clear",
    "delete_copy",
    "delete_live",
    "dismiss",
    "due_meanwhile",
    "edit_live",
    "enqueue",
    "hold",
    "keep_picture",
    "look_soon",
    "measure",
    "pause_account",
    "pause_lot",
    "pause_workspace",
    "publish_now",
    "put_back",
    "release",
    "release_account",
    "replace_content",
    "reschedule",
    "resume_account",
    "resume_lot",
    "resume_workspace",
    "say_done",
    "say_not",
    "settle_by_hand",
    "stopped_by",
    "take",
    "take_over",
    "undo",
]
