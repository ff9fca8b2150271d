"""Short messages by Alibaba Cloud: SendSms (2017-05-25), signed by ACS3-HMAC-SHA256.

Source: the vendor's manual of the V3 signature and of SendSms.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import calling
from chenyue.notify.channels.held import Setup
from chenyue.notify.channels.hosts import host
from chenyue.notify.channels.register import Field, Outgoing, Postponed, Trouble

HOST = "dysmsapi.aliyuncs.com"
ALGORITHM = "ACS3-HMAC-SHA256"
WAIT = {  # seconds until what was refused for its rate may be tried again
    "isv.BUSINESS_LIMIT_CONTROL": 3600,
    "isv.DAY_LIMIT_CONTROL": 6 * 3600,
    "isv.MONTH_LIMIT_CONTROL": 24 * 3600,
    "Throttling": 60,
    "Throttling.User": 60,
    "Throttling.Api": 60,
}
NEVER = (
    "isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.SMS_TEMPLATE_ILLEGAL", "isv.SMS_SIGNATURE_ILLEGAL", "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.TEMPLATE_PARAMS_ILLEGAL", "isv.PARAM_LENGTH_LIMIT", "isv.INVALID_PARAMETERS", "isv.PARAM_NOT_SUPPORT_URL",
)  # fmt: skip


def _quoted(value: str) -> str:
    return quote(value, safe="-_.~")


def query_of(values: Mapping[str, str]) -> str:
    """Parameters in order, encoded by RFC 3986."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(values.items()))


def authorization(
    method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, key: str, secret: str
) -> str:
    """The `Authorization` header for a request; `headers` in lower case, `host` and `x-acs-*` among them."""
    signed = sorted(name for name in headers if name in ("host", "content-type") or name.startswith("x-acs-"))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed)
    digest = hashlib.sha256(body).hexdigest()
    request = "\n".join([method, path, query, lines, ";".join(signed), digest])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key},SignedHeaders={';'.join(signed)},Signature={signature}"


def send(out: Outgoing, setup: Setup, template: str, values: Sequence[tuple[str, str]]) -> str:
    """One short message; gives the service's BizId."""
    query = query_of(
        {
            "PhoneNumbers": out.address,
            "SignName": str(setup["signature"]),
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(values), ensure_ascii=False, separators=(",", ":")),
            "OutId": hashlib.sha256(out.key.encode()).hexdigest()[:32],
        }
    )
    at = str(setup.get("aliyun_host") or HOST)
    headers = {
        "host": at,
        "x-acs-action": "SendSms",
        "x-acs-version": "2017-05-25",
        "x-acs-date": timezone.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
    }
    key, secret = str(setup["aliyun_key"]), str(setup["aliyun_secret"])
    signed = authorization("POST", "/", query, headers, b"", key, secret)
    try:
        answer = calling.call("POST", f"{calling.base(at)}/?{query}", headers={**headers, "Authorization": signed})
    except calling.NotCalled as error:
        raise Trouble(error.code, words=str(error.sentence)) from error
    return judged(answer)


def judged(answer: calling.Answer) -> str:
    """What the service says; it answers errors with 4xx or with 200, both with a `Code`."""
    found: dict[str, Any] = answer.json()
    code = str(found.get("Code") or f"HTTP {answer.status}")
    if code == "OK":
        return str(found.get("BizId") or "")
    words = str(found.get("Message") or "")
    if code in WAIT or code.startswith("Throttling") or answer.status in (429, 503):
        raise Postponed("rate", seconds=WAIT.get(code, 60))
    raise Trouble(code, hopeless=code in NEVER, words=words)


FIELDS = (
    Field("aliyun_key", _("AccessKey ID"), driver="aliyun", required=True),
    Field("aliyun_secret", _("AccessKey Secret"), driver="aliyun", required=True, secret=True),
    Field("aliyun_host", _("Host"), driver="aliyun", example=HOST, check=host),
)
