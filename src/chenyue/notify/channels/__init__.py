"""The channels by which words leave the house, in one register.

A channel is registered once, when its package starts:

    channels.register(Channel("robot", _("Robot"), Reach.GROUP, send=send, fields=(Field("key", …, secret=True),)))

It gets a settings page at set-up → Channels, with its secrets write-only, a test button and a log, and takes part in
the outbox: its rates are kept by waiting, its failures tried again, then handed to the next channel of the order.
`send` gets what goes out and the settings as they are kept, and gives back what the other side calls the message. It
raises `Trouble` (tried again, or never) or `Postponed` (not now: no attempt is counted).
"""

from chenyue.notify.channels.held import Setup, change, of, setup_subject
from chenyue.notify.channels.register import (
    Channel,
    Field,
    Outgoing,
    Postponed,
    Rate,
    Reach,
    Trouble,
    all_channels,
    fields_of,
    find,
    get,
    mask,
    register,
    register_several,
)
from chenyue.notify.channels.states import connected, is_on, lacks, offered, ready

__all__ = [
    "Channel",
    "Field",
    "Outgoing",
    "Postponed",
    "Rate",
    "Reach",
    "Setup",
    "Trouble",
    "all_channels",
    "change",
    "connected",
    "fields_of",
    "find",
    "get",
    "is_on",
    "lacks",
    "mask",
    "of",
    "offered",
    "ready",
    "register",
    "register_several",
    "setup_subject",
]
