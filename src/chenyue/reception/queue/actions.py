"""Writing: every door of the queue. Each locks its sitting, asks the rules, writes, and records; see `doors`."""

from chenyue.reception.queue.calls import call, call_next, finish, no_show, recall, start, transfer, undo
from chenyue.reception.queue.sittings import cancel_sitting, close_sitting, go_on, open_sitting, stop
from chenyue.reception.queue.tickets import cancel, check_in, come_back, leave, take_ticket

back_in_line = come_back

__all__ = [
    "back_in_line", "call", "call_next", "cancel", "cancel_sitting", "check_in", "close_sitting", "come_back", "finish",
    "go_on", "leave", "no_show", "open_sitting", "recall", "start", "stop", "take_ticket", "transfer", "undo",
]  # fmt: skip
