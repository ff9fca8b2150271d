"""Channels on services that misbehave: signatures by the vendors' own vectors, gateways, clouds, robots."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chenyue.core import calling, office
from chenyue.core.errors import Refusal
from chenyue.notify import alerts, channels, delivery
from chenyue.notify.channels import robots, sms, sms_aliyun, sms_http, sms_tencent
from chenyue.notify.models import Message
from notify.channel_stage import AT, PHONE, SAMPLE, connect, http, send_closed, service, state, tell, told_texts
from notify.fakes import Service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told_texts")]
__all__ = ["service", "told_texts"]


class TestSignatures:
    """Numbers out of the vendors' manuals."""

    def test_alibaba(self) -> None:
        query = sms_aliyun.query_of(
            {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
        )
        headers = {
            "host": "ecs.cn-shanghai.aliyuncs.com",
            "x-acs-action": "RunInstances",
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
            "x-acs-version": "2014-05-26",
        }
        signed = sms_aliyun.authorization("POST", "/", query, headers, b"", "YourAccessKeyId", "YourAccessKeySecret")
        assert signed.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")

    @pytest.mark.parametrize(
        ("more", "key", "signature"),
        [
            (
                [],
                "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
                "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
            ),
            (
                [("x-tc-action", "describeinstances")],
                "*" * 32,
                "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
            ),
        ],
    )
    def test_tencent(self, more: list[tuple[str, str]], key: str, signature: str) -> None:
        body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
        headers = [("content-type", sms_tencent.TYPE), ("host", "cvm.tencentcloudapi.com"), *more]
        at = datetime.fromtimestamp(1551113065, UTC)
        signed = sms_tencent.authorization(service="cvm", at=at, headers=headers, body=body, key="AKID", secret=key)
        assert signed.endswith(f"Signature={signature}")

    @pytest.mark.parametrize(
        ("at", "secret", "signed"),
        [
            (1661860880, "xxx", "dIUMcehSFkPlWOGqwoP5EFcartyN67QSY9wbVW%2BhTbE%3D"),
            (1577262236757, "this is secret", "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"),
        ],
    )
    def test_dingtalk(self, at: int, secret: str, signed: str) -> None:
        assert robots.dingtalk_sign(at, secret) == signed

    @pytest.mark.parametrize(
        ("at", "secret", "signed"),
        [
            (1599360473, "demo", "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="),
            (1661860880, "xxx", "QnWVTSBe6FmQDE0bG6X0mURbI+DnvVyu1h+j5dHOjrU="),
        ],
    )
    def test_feishu(self, at: int, secret: str, signed: str) -> None:
        assert robots.feishu_sign(at, secret) == signed


class TestGateway:
    """The generic HTTP gateway."""

    def test_everything_is_filled_in_and_escaped(self, service: Service) -> None:
        http(service)
        tell()
        assert delivery.deliver_due(AT)["sent"] == 1
        [(path, headers, body)] = service.seen
        sent = parse_qs(body)
        assert path == f"/send?to={PHONE}"
        assert sent["content"] == ["【晨光街道】您的A2026-1124-0001有进展。查看进度：https://example.org/p/X/"]
        assert sent["sign"] == [hashlib.md5(f"uk&y{PHONE}".encode(), usedforsecurity=False).hexdigest()]
        assert headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"
        assert (state().state, state().blanks) == ("sent", "")

    def test_json_is_typed_as_it_is(self, service: Service) -> None:
        body = '{"to":["{phone}"],"text":"{text}","by":{"sign":"{signature}"}}'
        headers = "Authorization: Bearer {key}"
        http(service, http_type="json", http_body=body, http_headers=headers, http_key='a"b', signed_here=False)
        office.put(short_name='晨"光')
        tell()
        delivery.deliver_due(AT)
        [(_path, sent, said)] = service.seen
        assert json.loads(said)["to"] == [PHONE]
        assert sent["authorization"] == 'Bearer a"b'

    @pytest.mark.parametrize(
        ("answer", "state_", "error"),
        [
            ((200, {"code": 1, "msg": f"no {PHONE}"}), "failed", "refused"),
            ((200, "code=0"), "failed", "refused"),
            ((200, "[]"), "failed", "refused"),
            ((500, "oops"), "failed", "HTTP 500"),
            ((302, ""), "failed", "HTTP 302"),
            ((400, "bad"), "dead", "HTTP 400"),
            ((200, "x" * 300_000), "failed", "long"),
        ],
    )
    def test_answers_that_say_no(self, service: Service, answer: Any, state_: str, error: str) -> None:
        http(service)
        if answer[1] == "code=0":
            http(service, http_good="result.code=0")
        service.answer = lambda: answer
        tell()
        delivery.deliver_due(AT)
        assert (state().state, state().last_error) == (state_, error), "nobody's number stands in the log"

    def test_silence(self, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
        http(service)
        service.answer = lambda: None
        real = calling.call
        monkeypatch.setattr(calling, "call", lambda *a, **k: real(*a, **(k | {"seconds": 0.2})))
        tell()
        delivery.deliver_due(AT)
        assert (state().state, state().last_error) == ("failed", "late")

    def test_busy_is_no_attempt(self, service: Service) -> None:
        http(service)
        service.answer = lambda: (429, "")
        tell()
        delivery.deliver_due(AT)
        assert (state().state, state().attempts, state().held) == ("queued", 0, "rate")
        service.answer = lambda: (200, {"code": 0})
        assert delivery.deliver_due(AT + timedelta(minutes=1))["sent"] == 1

    @pytest.mark.parametrize(
        "typed",
        [
            "https://{phone}.example.org/", "https://example.org:{key}/", "http://example.org/", "https://10.0.0.1/",
            "https://127.0.0.1/", "file:///etc/passwd", "https://u:p@example.org/",
        ],
    )  # fmt: skip
    def test_addresses_that_lead_elsewhere(self, typed: str) -> None:
        with pytest.raises(Refusal):
            sms_http.address(typed)

    @pytest.mark.parametrize("typed", ["Host: x", "no colon", "A\tB: c", "X: 漏", "Content-Length: 5", ": x"])
    def test_headers_that_are_none(self, typed: str) -> None:
        with pytest.raises(Refusal):
            sms_http.headers_of(typed)

    def test_no_header_can_be_smuggled_in(self, service: Service) -> None:
        http(service, http_headers="X-Key: {key}", http_key="a\r\nX-Evil: 1")
        tell()
        delivery.deliver_due(AT)
        assert "x-evil" not in service.seen[0][1]


class TestClouds:
    """Services that take only their own templates."""

    def aliyun(self, service: Service) -> None:
        connect(
            "sms", driver="aliyun", signature="晨光街道", aliyun_key="AK", aliyun_secret="secret",
            aliyun_host=service.host,
            templates="case-closed = SMS_1 : number, link=follow\ncase-receipt = SMS_2 : number",
        )  # fmt: skip

    def test_alibaba(self, service: Service) -> None:
        self.aliyun(service)
        service.answer = lambda: (200, {"Code": "OK", "BizId": "biz-1"})
        send_closed()
        assert delivery.deliver_due(AT)["sent"] == 1
        [(path, headers, _body)] = service.seen
        asked = parse_qs(urlsplit(path).query)
        assert asked["PhoneNumbers"] == [PHONE]
        assert asked["TemplateCode"] == ["SMS_1"]
        assert json.loads(asked["TemplateParam"][0]) == {"number": SAMPLE["number"], "link": SAMPLE["follow"]}
        assert headers["authorization"].startswith("ACS3-HMAC-SHA256 Credential=AK,SignedHeaders=host;x-acs-action;")
        assert state().sent_as == "biz-1"

    @pytest.mark.parametrize(
        ("code", "state_", "held"),
        [
            ("isv.BUSINESS_LIMIT_CONTROL", "queued", "rate"),
            ("Throttling.User", "queued", "rate"),
            ("isv.MOBILE_NUMBER_ILLEGAL", "dead", ""),
            ("isv.AMOUNT_NOT_ENOUGH", "failed", ""),
            ("SignatureDoesNotMatch", "failed", ""),
        ],
    )
    def test_what_alibaba_refuses(self, service: Service, code: str, state_: str, held: str) -> None:
        self.aliyun(service)
        service.answer = lambda: (400, {"Code": code, "Message": f"{PHONE} no"})
        send_closed()
        delivery.deliver_due(AT)
        assert (state().state, state().held) == (state_, held)
        assert PHONE not in state().last_error

    def test_a_text_without_a_template_goes_another_way_or_none(self, service: Service) -> None:
        self.aliyun(service)
        tell()
        assert not Message.objects.exists()
        tell(email="chen@example.org")
        assert (state().channel, state().others) == ("email", "")

    @pytest.mark.parametrize(
        ("answer", "state_"),
        [
            ({"SendStatusSet": [{"Code": "Ok", "SerialNo": "s-1"}]}, "sent"),
            ({"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]}, "queued"),
            ({"SendStatusSet": [{"Code": "FailedOperation.PhoneNumberInBlacklist"}]}, "dead"),
            ({"Error": {"Code": "AuthFailure.SignatureFailure"}}, "failed"),
            ({"Error": "nonsense"}, "failed"),
            ({"SendStatusSet": [7]}, "failed"),
            ([], "failed"),
        ],
    )
    def test_tencent(self, service: Service, answer: Any, state_: str) -> None:
        connect(
            "sms", driver="tencent", signature="晨光街道", tencent_key="AKID", tencent_secret="s", tencent_app="1400",
            tencent_host=service.host, templates="case-closed = 77 : number, follow",
        )  # fmt: skip
        service.answer = lambda: (200, {"Response": answer})
        send_closed()
        delivery.deliver_due(AT)
        assert state().state == state_
        asked = json.loads(service.seen[0][2])
        assert asked["PhoneNumberSet"] == [f"+86{PHONE}"]
        assert asked["TemplateParamSet"] == [SAMPLE["number"], SAMPLE["follow"]]

    @pytest.mark.parametrize("typed", ["x", "nothing = 1", "case-closed = SMS_1 : nobody", "case-closed : x", "= 1"])
    def test_templates_are_checked_by_line(self, typed: str) -> None:
        with pytest.raises(Refusal, match="1"):
            sms.templates(typed)
        with pytest.raises(Refusal, match="2"):
            sms.templates("case-closed = SMS_1：number，follow\n" + typed)


class TestRobots:
    """Groups of members."""

    @pytest.mark.parametrize(("code", "name"), [("dingtalk", "errcode"), ("feishu", "code")])
    def test_an_alert_goes_to_groups_that_take_its_kind(self, service: Service, code: str, name: str) -> None:
        alerts.register("test", "试")
        hook = f"http://{service.host}/hook/abc"
        connect(code, hook=hook, secret="SEC1", alerts=["test"])
        assert alerts.ring(kind="other", title="x", text="y", path="", key="k0", at=AT) == 0
        assert alerts.ring(kind="test", title="超时", text="2026-1124-0001", path="/desk/", key="k1", at=AT) == 1
        alerts.ring(kind="test", title="超时", text="2026-1124-0001", path="/desk/", key="k1", at=AT)
        service.answer = lambda: (200, {name: 0})
        delivery.deliver_due(AT)
        [(path, _headers, body)] = service.seen
        assert "超时\\n2026-1124-0001" in json.dumps(json.loads(body), ensure_ascii=False)
        assert ("sign=" in path) if code == "dingtalk" else ("sign" in json.loads(body))
        alerts.KINDS.pop("test")

    @pytest.mark.parametrize(
        ("answer", "state_", "held"),
        [
            ((200, {"errcode": 130101}), "queued", "rate"),
            ((200, {"errcode": 310000, "errmsg": "sign not match"}), "failed", ""),
            ((200, {"errcode": 300001}), "dead", ""),
            ((200, "not json"), "failed", ""),
            ((500, ""), "failed", ""),
        ],
    )
    def test_what_dingtalk_refuses(self, service: Service, answer: Any, state_: str, held: str) -> None:
        alerts.register("test", "试")
        connect("dingtalk", hook=f"http://{service.host}/x", alerts=["test"])
        service.answer = lambda: answer
        alerts.ring(kind="test", title="", text="x", path="", key="k", at=AT - timedelta(days=999))
        alerts.KINDS.pop("test")
        delivery.deliver_due(AT)
        assert (state().state, state().held) == (state_, held)


class TestSeveralRobots:
    """One group for drainage, another for the night: each robot has its own address, kinds and rate."""

    def test_each_gets_what_it_takes(self, service: Service) -> None:
        for code, kinds in (("dingtalk", ["emergency", "late"]), ("dingtalk_2", ["emergency"])):
            connect(code, hook=f"http://{service.host}/{code}", alerts=kinds)
        for kind, count in (("emergency", 2), ("late", 1)):
            assert alerts.ring(kind=kind, title="有事", text="A1", path="", key=f"r:{kind}", at=AT) == count
        delivery.deliver_due(AT)
        assert sorted(path for path, _headers, _body in service.seen) == ["/dingtalk", "/dingtalk", "/dingtalk_2"]

    def test_the_next_one_is_offered_when_one_is_connected(self, service: Service) -> None:
        def shown() -> set[str]:
            return {one.code for one in channels.offered() if one.code.startswith("feishu")}

        assert shown() == {"feishu"}
        connect("feishu", hook=f"http://{service.host}/a", alerts=["late"])
        assert shown() == {"feishu", "feishu_2"}
        assert str(channels.get("feishu_2").name).endswith("2")
