"""Short messages by Tencent Cloud: SendSms (2021-01-11), signed by TC3-HMAC-SHA256.

Source: the vendor's manual of signature v3 and of SendSms.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import calling
from chenyue.notify.channels.held import Setup
from chenyue.notify.channels.hosts import host
from chenyue.notify.channels.register import Field, Outgoing, Postponed, Trouble

HOST = "sms.tencentcloudapi.com"
ALGORITHM = "TC3-HMAC-SHA256"
TYPE = "application/json; charset=utf-8"
HOUR, DAY = 3600, 24 * 3600
WAIT = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": 60,
    "LimitExceeded.PhoneNumberOneHourLimit": HOUR,
    "LimitExceeded.PhoneNumberDailyLimit": DAY,
    "LimitExceeded.PhoneNumberSameContentDailyLimit": DAY,
    "LimitExceeded.AppDailyLimit": DAY,
    "LimitExceeded.DailyLimit": DAY,
    "LimitExceeded.DeliveryFrequencyLimit": 60,
}
NEVER = (
    "InvalidParameterValue.IncorrectPhoneNumber", "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
    "FailedOperation.PhoneNumberInBlacklist", "FailedOperation.ContainSensitiveWord",
    "FailedOperation.SignatureIncorrectOrUnapproved", "FailedOperation.TemplateIncorrectOrUnapproved",
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate", "FailedOperation.TemplateUnapprovedOrNotExist",
    "InvalidParameterValue.TemplateParameterFormatError", "InvalidParameterValue.TemplateParameterLengthLimit",
    "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber",
)  # fmt: skip


def _mac(key: bytes, words: str) -> bytes:
    return hmac.new(key, words.encode(), hashlib.sha256).digest()


def authorization(
    *, service: str, at: datetime, headers: Sequence[tuple[str, str]], body: bytes, key: str, secret: str
) -> str:
    """The `Authorization` header of a POST to `/`; `headers` are signed, in lower case and in order."""
    signed = ";".join(name for name, _value in headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers)
    request = "\n".join(["POST", "/", "", lines, signed, hashlib.sha256(body).hexdigest()])
    moment = at.astimezone(UTC)
    scope = f"{moment:%Y-%m-%d}/{service}/tc3_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    to_sign = "\n".join([ALGORITHM, str(int(moment.timestamp())), scope, digest])
    day = _mac(f"TC3{secret}".encode(), f"{moment:%Y-%m-%d}")
    signing = _mac(_mac(day, service), "tc3_request")
    signature = hmac.new(signing, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key}/{scope}, SignedHeaders={signed}, Signature={signature}"


def send(out: Outgoing, setup: Setup, template: str, values: Sequence[tuple[str, str]]) -> str:
    """One short message; gives the service's SerialNo."""
    asked = {
        "PhoneNumberSet": [f"+86{out.address}"],
        "SmsSdkAppId": str(setup["tencent_app"]),
        "SignName": str(setup["signature"]),
        "TemplateId": template,
        "TemplateParamSet": [value for _name, value in values],
        "SessionContext": hashlib.sha256(out.key.encode()).hexdigest()[:32],
    }
    body = json.dumps(asked, ensure_ascii=False, separators=(",", ":")).encode()
    there, at = str(setup.get("tencent_host") or HOST), timezone.now()
    signed = authorization(
        service="sms", at=at, headers=[("content-type", TYPE), ("host", there), ("x-tc-action", "sendsms")], body=body,
        key=str(setup["tencent_key"]), secret=str(setup["tencent_secret"]),
    )  # fmt: skip
    headers = {
        "Authorization": signed,
        "Content-Type": TYPE,
        "X-TC-Action": "SendSms",
        "X-TC-Version": "2021-01-11",
        "X-TC-Timestamp": str(int(at.timestamp())),
        "X-TC-Region": str(setup.get("tencent_region") or "ap-guangzhou"),
    }
    try:
        answer = calling.call("POST", f"{calling.base(there)}/", headers=headers, body=body)
    except calling.NotCalled as error:
        raise Trouble(error.code, words=str(error.sentence)) from error
    return judged(answer)


def judged(answer: calling.Answer) -> str:
    """What the service says: an error of the whole, or the state of the one number."""
    found: Any = answer.json().get("Response")
    found = found if isinstance(found, dict) else {}
    states = found.get("SendStatusSet")
    state: Any = found.get("Error") or (states[0] if isinstance(states, list) and states else {})
    state = state if isinstance(state, dict) else {}
    code = str(state.get("Code") or f"HTTP {answer.status}")
    if code == "Ok":
        return str(state.get("SerialNo") or "")
    if code in WAIT or code.startswith(("RequestLimitExceeded", "LimitExceeded")) or answer.status in (429, 503):
        raise Postponed("rate", seconds=WAIT.get(code, 60))
    raise Trouble(code, hopeless=code in NEVER, words=str(state.get("Message") or ""))


FIELDS = (
    Field("tencent_key", _("SecretId"), driver="tencent", required=True),
    Field("tencent_secret", _("SecretKey"), driver="tencent", required=True, secret=True),
    Field("tencent_app", _("SdkAppId"), driver="tencent", required=True, most=20),
    Field("tencent_region", _("Region"), driver="tencent", default="ap-guangzhou", most=30),
    Field("tencent_host", _("Host"), driver="tencent", example=HOST, check=host),
)
