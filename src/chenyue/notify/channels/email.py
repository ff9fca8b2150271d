"""E-mail: by the server that the office names on its page, else by the one of this installation's surroundings."""

import hashlib
import smtplib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from chenyue.core import calling, office
from chenyue.core.errors import Refusal
from chenyue.notify.channels.held import Setup
from chenyue.notify.channels.hosts import host
from chenyue.notify.channels.register import Channel, Field, Outgoing, Rate, Reach, Trouble

SECONDS = 20
SECURITY = [("starttls", _("STARTTLS (port 587)")), ("tls", _("TLS from the start (port 465)")), ("none", _("None"))]
MINUTE = timedelta(minutes=1)
DOMAIN = "chenyue"  # of Message-IDs: names no machine
NEVER = 550  # SMTP answers from here on say that trying again is of no use


def mark_of(key: str) -> str:
    """What stands in the Message-ID of a message: the same at every attempt, and nobody can make it up."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()[:32]


def own_server(setup: Setup) -> bool:
    """Whether the office named a server on its page."""
    return setup.on and bool(setup.get("host"))


def sender(setup: Setup) -> str:
    """The address that letters come from."""
    return str(setup.get("sender") if own_server(setup) and setup.get("sender") else settings.DEFAULT_FROM_EMAIL)


class Server(EmailBackend):
    """A mail server at the very address that was looked at; its certificate must be one of its name."""

    there = ""

    @property
    def connection_class(self) -> Any:
        """What connects there, whatever the name means a moment later."""
        usual: Any = smtplib.SMTP_SSL if self.use_ssl else smtplib.SMTP
        there = self.there

        class Checked(usual):  # type: ignore[misc]
            def _get_socket(self, _host: str, port: int, timeout: float) -> Any:
                return super()._get_socket(there, port, timeout)

        return Checked


def _connection(setup: Setup) -> Any:
    if not own_server(setup):
        return get_connection(timeout=SECONDS)
    there, port, security = setup["host"], int(setup["port"]), setup["security"]
    where = calling.checked(f"https://{there}:{port}")
    found = calling.resolve(where)
    if security == "none" and setup.get("user") and not calling.trusted(where):
        raise Refusal(_("A password goes only over an encrypted connection."), code="plain")
    server = Server(
        host=there, port=port, username=setup.get("user"), password=setup.get("password"), timeout=SECONDS,
        use_tls=security == "starttls", use_ssl=security == "tls",
    )  # fmt: skip
    server.there = found
    return server


def send(out: Outgoing, setup: Setup) -> str:
    """Hand a letter to the server; gives its mark, by which an answer or a bounce is known."""
    mark = mark_of(out.key)
    try:
        EmailMessage(
            subject=out.title,
            body=out.body,
            from_email=f"{office.get('short_name')} <{sender(setup)}>",
            to=[out.address],
            headers={"Message-ID": f"<{mark}@{DOMAIN}>", "Auto-Submitted": "auto-generated"},
            connection=_connection(setup),
        ).send()
    except smtplib.SMTPException as error:
        raise trouble(error) from error
    except Refusal as refusal:
        raise Trouble(refusal.code, words=str(refusal.sentence)) from refusal
    return mark


def trouble(error: smtplib.SMTPException) -> Trouble:
    """What a mail server said, without its words in the log: those repeat the address."""
    codes = [getattr(error, "smtp_code", None)]
    words = str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    known = [code for code in codes if code]
    hopeless = bool(known) and all(code >= NEVER for code in known)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        hopeless = False  # the office's mistake, not the reader's address
    return Trouble(" ".join([type(error).__name__, *map(str, known[:1])]), hopeless=hopeless, words=words)


def _address(typed: Any) -> str:
    found = str(typed).strip()
    if found:
        validate_email(found)
    return found


CHANNEL = Channel(
    code="email",
    name=_("E-mail"),
    reach=Reach.EMAIL,
    icon="notes",
    about=_("Letters to residents who left an address. Without a server here, that of the installation is used."),
    send=send,
    always=True,
    works=lambda setup: own_server(setup) or "console" not in settings.EMAIL_BACKEND,
    rates=lambda setup: [Rate(int(setup.get("a_minute") or 0), MINUTE)],
    fields=(
        Field("host", _("Mail server"), help=_("Such as"), example="smtp.example.org", check=host),
        Field("port", _("Port"), "number", default=587, least=1, most=65535),
        Field("security", _("Encryption"), "choice", choices=SECURITY, default="starttls"),
        Field("user", _("User name")),
        Field("password", _("Password"), secret=True),
        Field("sender", _("Sender's address"), help=_("Residents can write to it."), check=_address),
        Field("a_minute", _("Letters a minute at most"), "number", default=60, most=10_000),
    ),
)
