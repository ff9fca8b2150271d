"""The settings of letters by e-mail, as a channel that only comes in."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal, Sentence
from chenyue.gateway.mail_in import imap
from chenyue.notify import channels
from chenyue.notify.channels import Channel, Field, Reach, Setup
from chenyue.notify.channels.hosts import host

CODE = "mail_in"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SECURITY = [("tls", _("TLS from the start (port 993)")), ("starttls", _("STARTTLS (port 143)")), ("none", _("None"))]


def _line(typed: Any) -> str:
    """One line that may stand in a command. Refusal otherwise."""
    found = str(typed)
    if not found.isascii() or not found.isprintable() or '"' in found or "\\" in found:
        raise Refusal(gettext("Only Latin letters, digits and signs, without quotes."))
    return found


def try_out(setup: Setup) -> Sentence:
    """Sign in and look into the folder."""
    with imap.opened(setup) as folder:
        count = len(folder.after(0, None)) if folder.next_uid > 1 else 0
    said = ngettext(
        "Signed in. %(count)d letter is in the folder; letters that come from now on are taken.",
        "Signed in. %(count)d letters are in the folder; letters that come from now on are taken.",
        count,
    )
    return said % {"count": count}


CHANNEL = Channel(
    code=CODE,
    name=_("Letters by e-mail"),
    reach=Reach.INWARD,
    icon="inbox",
    about=_("What residents write to the office's mailbox becomes appeals; answers to our letters are added."),
    try_out=try_out,
    log="gateway:mail-in",
    fields=(
        Field(
            "host", _("Mailbox server (IMAP)"), required=True, help=_("Such as"), example="imap.example.org", check=host
        ),
        Field("port", _("Port"), "number", default=993, least=1, most=65535),
        Field("security", _("Encryption"), "choice", choices=SECURITY, default="tls"),
        Field("user", _("User name"), required=True, check=_line),
        Field("password", _("Password"), required=True, secret=True),
        Field("folder", _("Folder"), default="INBOX", required=True, check=_line, most=100),
        Field("a_day_each", _("Letters a day from one address"), "number", default=20, least=1, most=1000),
        Field("an_hour", _("Letters an hour in all"), "number", default=200, least=1, most=10_000),
    ),
)  # fmt: skip


def register() -> None:
    """Make it known."""
    channels.register(CHANNEL)
