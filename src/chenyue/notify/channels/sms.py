"""Short messages to residents: one channel, with the service that the office has a contract with as its driver.

In mainland China a short message has a registered signature and, at most services, a registered template: the office
writes which template of the service belongs to which text here (`templates`). A text without one isn't sent by them.
"""

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.notify import texts
from chenyue.notify.channels import sms_aliyun, sms_http, sms_tencent
from chenyue.notify.channels.held import Setup
from chenyue.notify.channels.register import Channel, Field, Outgoing, Rate, Reach
from chenyue.people.masking import mask_phone

CODE = "sms"
MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
SIGNATURE = re.compile(r"[\w（）()·-]{2,12}")
NEEDS_TEMPLATE = ("aliyun", "tencent")
_LINE = re.compile(r"(?P<code>[\w-]+)\s*=\s*(?P<id>[\w-]{1,40})\s*(?::\s*(?P<blanks>.*))?")


def mobile(number: str) -> str:
    """The eleven digits of a mobile number; "" for anything else, which gets no short messages."""
    found = MOBILE.fullmatch(re.sub(r"[\s-]", "", number))
    return found[1] if found else ""


def templates(typed: str) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Read `text = template : name, its name=name` a line each. Refusal names the line that isn't understood.

    Gives by text the service's template and its parameters in order, each with the blank that fills it.
    """
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for number, line in enumerate(typed.replace("：", ":").replace("，", ",").splitlines(), start=1):
        if not line.strip():
            continue
        read = _LINE.fullmatch(line.strip())
        said = {"number": number}
        if read is None:
            raise Refusal(gettext("Line %(number)d isn't understood: text = template : blank, blank") % said)
        if not texts.known(read["code"], CODE):
            raise Refusal(
                gettext("Line %(number)d: there is no short message called %(code)s.") % {**said, "code": read["code"]}
            )
        parts = [part.strip() for part in (read["blanks"] or "").split(",") if part.strip()]
        pairs = [(name.strip(), (blank or name).strip()) for name, _eq, blank in (p.partition("=") for p in parts)]
        there = texts.get(read["code"], CODE).sample
        if missing := [blank for _name, blank in pairs if blank not in there]:
            raise Refusal(gettext("Line %(number)d: nothing fills %(blank)s.") % {**said, "blank": "、".join(missing)})
        found[read["code"]] = (read["id"], pairs)
    return found


def _templates(typed: Any) -> str:
    templates(str(typed))
    return str(typed).strip()


def _signature(typed: Any) -> str:
    found = str(typed).strip().strip("【】[]")
    if found and not SIGNATURE.fullmatch(found):
        raise Refusal(gettext("A signature has 2 to 12 characters."))
    return found


def carries(template: str, setup: Setup) -> bool:
    """Services with registered templates take only texts that have one."""
    return setup.driver not in NEEDS_TEMPLATE or template in templates(setup.get("templates"))


def _console(out: Outgoing, setup: Setup) -> str:
    sys.stdout.write(f"SMS {mask_phone(out.address)}: 【{setup.get('signature')}】{out.body}\n")
    return ""


def send(out: Outgoing, setup: Setup) -> str:
    """Hand a short message to the service of the office."""
    if setup.driver in NEEDS_TEMPLATE:
        template, pairs = templates(setup.get("templates")).get(out.template, ("", []))
        values = [(name, out.blanks.get(blank, "")) for name, blank in pairs]
        by = sms_aliyun.send if setup.driver == "aliyun" else sms_tencent.send
        return by(out, setup, template, values)
    driver: Callable[[Outgoing, Setup], str] = {"http": sms_http.send, "console": _console}[setup.driver]
    return driver(out, setup)


def rates(setup: Setup) -> list[Rate]:
    """By the office's contract; for one number the limits that services set for notices."""
    return [
        Rate(int(setup.get("a_minute") or 0), timedelta(minutes=1)),
        Rate(int(setup.get("a_day_each") or 0), timedelta(days=1), each=True),
    ]


EXAMPLE = "case-answered = SMS_1234567 : number, link=follow"
_TEMPLATES_HELP = _(
    "One a line: text = template of the service : its parameters in order. A parameter is filled by the blank of "
    "the same name, or write parameter=blank. Such as"
)
CHANNEL = Channel(
    code=CODE,
    name=_("SMS"),
    reach=Reach.PHONE,
    icon="phone",
    about=_("Short messages to residents who left a mobile number and agreed to be contacted."),
    send=send,
    drivers={
        "http": _("HTTP gateway (of the city, or another)"),
        "aliyun": _("Alibaba Cloud"),
        "tencent": _("Tencent Cloud"),
        "console": _("For trying out: printed where the server was started"),
    },
    carries=carries,
    rates=rates,
    night=True,
    fields=(
        Field(
            "signature", _("Signature"), help=_("As registered, 2 to 12 characters, without 【】"), required=True,
            most=14, check=_signature,
        ),
        *sms_http.FIELDS,
        *sms_aliyun.FIELDS,
        *sms_tencent.FIELDS,
        *(
            Field("templates", _("Templates"), "area", help=_TEMPLATES_HELP, example=EXAMPLE, driver=driver, most=8000,
                  required=True, check=_templates)
            for driver in NEEDS_TEMPLATE
        ),
        Field("a_minute", _("Messages a minute at most"), "number", default=60, most=100_000),
        Field("a_day_each", _("To one number a day at most"), "number", default=10, most=40),
    ),
)  # fmt: skip
