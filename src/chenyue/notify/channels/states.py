"""Whether a channel works: switched on, and with all that it needs."""

from chenyue.notify.channels.held import Setup, of
from chenyue.notify.channels.register import Channel, Field, all_channels, fields_of, find


def lacks(channel: Channel, setup: Setup) -> list[Field]:
    """Settings that it can't work without and that nobody gave yet."""
    return [one for one in fields_of(channel, setup.driver) if one.required and not setup.get(one.name)]


def ready(channel: Channel) -> bool:
    """Whether words can go out by it now."""
    if channel.send is None:
        return False
    setup = of(channel.code)
    return channel.always or (setup.on and not lacks(channel, setup))


def connected(channel: Channel) -> bool:
    """What pages say: switched on, complete, and really reaching somebody."""
    return channel.works(of(channel.code)) if channel.works else is_on(channel.code)


def is_on(code: str) -> bool:
    """`ready` by code; False for a channel that isn't there. For inward ones: switched on and complete."""
    channel = find(code)
    if channel is None:
        return False
    setup = of(code)
    return channel.always or (setup.on and not lacks(channel, setup))


def offered() -> list[Channel]:
    """The channels that pages show: of several of a kind those in use, and the next one."""
    return [one for one in all_channels() if not one.behind or of(one.code).on or is_on(one.behind)]
