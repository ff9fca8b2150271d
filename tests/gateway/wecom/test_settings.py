"""Pages of WeCom: who may, what is never shown, what a test says, who is who, and the log."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cast import Cast
from chenyue.core.errors import NotAllowed
from chenyue.core.ids import token
from chenyue.gateway.models_wecom import WecomForward, WecomInbound, WecomLink, WecomPerson
from chenyue.gateway.wecom import known, links
from chenyue.notify import channels
from chenyue.timeline.models import Entry
from gateway.wecom import fake as fakes
from gateway.wecom.stage import KEY, TOKEN, bound, link
from helpers import one_and_three

pytestmark = pytest.mark.django_db
AT = timezone.now()


def sent(**more: Any) -> dict[str, Any]:
    fields = {"name": "接单", "corp_id": fakes.CORP, "agent_id": fakes.AGENT, "secret": fakes.SECRET, "on": "on"}
    return fields | {"token": TOKEN, "aes_key": KEY, "idempotency_key": token()} | more


def page_of(row: WecomLink) -> str:
    return reverse("gateway:wecom-edit", args=[row.pk])


def test_a_connection_is_made_and_its_secrets_are_never_seen_again(cast: Cast, client_of: Any) -> None:
    admin = client_of(cast.admin)
    answer = admin.post(reverse("gateway:wecom-new", args=["app"]), sent())
    row = WecomLink.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, page_of(row))
    shown = admin.get(page_of(row)).content.decode()
    assert f"••••{KEY[-4:]}" in shown and f"••••{fakes.SECRET[-4:]}" in shown
    for secret in (fakes.SECRET, KEY, f'"{TOKEN}"'):
        assert secret not in shown
    assert f"/wecom/callback/{row.code}/" in shown and len(row.code) >= 30
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, token, aes_key FROM gateway_wecomlink")
        assert all(value.startswith("1:") for value in cursor.fetchone())


def test_the_timeline_tells_which_fields_and_no_secret(cast: Cast) -> None:
    row = link(cast)
    links.save(link=row, kind="app", given={"name": "新名", "on": True, "corp_id": fakes.CORP, "agent_id": "7",
               "secret": "another-secret-0123456789"}, by=cast.admin.actor(), at=AT)  # fmt: skip
    entry = Entry.objects.filter(subject=row.subject).order_by("pk").last()
    assert entry is not None and entry.data["fields"] == ["agent_id", "name", "secret"]
    assert "another-secret" not in str(entry.data)


def test_an_empty_secret_keeps_the_one_there_is(cast: Cast, client_of: Any) -> None:
    row = link(cast)
    client_of(cast.admin).post(page_of(row), sent(secret="", token="", aes_key="", name="改名"))
    row.refresh_from_db()
    assert (row.name, row.secret, row.aes_key) == ("改名", fakes.SECRET, KEY)


def test_a_secret_never_goes_to_another_server(cast: Cast, client_of: Any, settings: Any) -> None:
    """Whoever may set channels, and no more, can't lead the kept secret to a machine of their own."""
    settings.OUTBOUND_HOSTS = ["127.0.0.1:9"]
    row = link(cast)
    answer = client_of(cast.admin).post(page_of(row), sent(secret="", host="http://127.0.0.1:9"))
    assert answer.status_code == 422
    row.refresh_from_db()
    assert (row.host, row.secret) == ("", fakes.SECRET)
    client_of(cast.admin).post(page_of(row), sent(secret="", host="http://127.0.0.1:9", on=""))
    row.refresh_from_db()
    assert (row.host, row.secret, row.on) == ("http://127.0.0.1:9", "", False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"aes_key": "短"}, "aes_key"), ({"aes_key": KEY + "="}, "aes_key"), ({"aes_key": ""}, "aes_key"),
        ({"token": ""}, "token"), ({"secret": ""}, "secret"), ({"secret": "有 空格"}, "secret"), ({"name": ""}, "name"),
        ({"corp_id": ""}, "corp_id"), ({"host": "http://10.0.0.1"}, "host"), ({"host": "不是地址"}, "host"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(cast: Cast, client_of: Any, wrong: dict[str, str], field: str) -> None:
    answer = client_of(cast.admin).post(reverse("gateway:wecom-new", args=["app"]), sent(**wrong))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not WecomLink.objects.exists()
    assert fakes.SECRET not in answer.content.decode()  # not even what was just typed


def test_the_stranger_and_colleagues_without_the_right(cast: Cast, client_of: Any) -> None:
    row = link(cast)
    for who in (cast.zhou, cast.lin, cast.li):
        client = client_of(who)
        for name, args in (("wecom", []), ("wecom-edit", [row.pk]), ("wecom-people", []), ("wecom-log", [])):
            assert client.get(reverse(f"gateway:{name}", args=args)).status_code == 403
        assert client.post(page_of(row), {"act": "end"}).status_code == 403
        with pytest.raises(NotAllowed):
            links.save(link=row, kind="app", given=sent(), by=who.actor(), at=AT)
        with pytest.raises(NotAllowed):
            links.end(link=row, by=who.actor(), at=AT)
        with pytest.raises(NotAllowed):
            links.try_out(link=row, userid="", by=who.actor(), at=AT)
        with pytest.raises(NotAllowed):
            known.bind(corp_id=fakes.CORP, userid="x", member=who, by=who.actor(), at=AT)
    row.refresh_from_db()
    assert row.ended_at is None and not WecomPerson.objects.exists()


def test_members_hear_by_wecom_while_an_app_is_on(cast: Cast) -> None:
    assert not channels.is_on("wecom_app")
    row = link(cast)
    assert channels.is_on("wecom_app") and channels.of("wecom_app").get("notices") == "all"
    links.end(link=row, by=cast.admin.actor(), at=AT)
    assert not channels.is_on("wecom_app")
    row.refresh_from_db()
    assert (row.secret, row.token, row.aes_key) == ("", "", "")


def try_it(client: Any, row: WecomLink, **more: str) -> str:
    answer = client.post(page_of(row), {"act": "try"} | more, follow=True)
    (found,) = answer.context["messages"]
    return f"{found.tags}: {found}"


def test_the_test_says_in_a_sentence_what_happened(cast: Cast, client_of: Any, wecom: Any) -> None:
    fake, address = wecom
    client, row = client_of(cast.admin), link(cast, host=address)
    assert try_it(client, row).startswith("success")
    assert try_it(client, row, **{"try-userid": "lin"}).startswith("success") and fake.to("/cgi-bin/message/send")
    assert "81013" in try_it(client, row, **{"try-userid": "nobody"})
    fake.trouble = [40001]
    assert "40001" in try_it(client, row)
    fake.trouble = [60020]
    assert "60020" in try_it(client, row)
    fake.trouble = ["500"]
    assert "500" in try_it(client, row)
    kf, report = link(cast, "kf", host=address), link(cast, "report", host=address)
    assert try_it(client, kf).startswith("success") and try_it(client, report).startswith("success")
    other = link(cast, "kf", host=address, account="wkOTHER")
    assert try_it(client, other).startswith("error")
    assert try_it(client, link(cast, "bot")).startswith("error")


def excel(rows: list[list[str]]) -> SimpleUploadedFile:
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return SimpleUploadedFile("成员.xlsx", out.getvalue())


def test_a_table_of_accounts(cast: Cast, client_of: Any) -> None:
    link(cast)
    bound(cast, "li", "limin")
    rows = [["姓名", "企业微信账号"], ["林涛", "lintao"], ["孙丽", "坏 账号"], ["没有这个人", "x"]]
    rows += [["李敏", "limin"], ["赵卫东", "limin"]]
    sent_ = {"act": "load", "table": excel(rows), "table_corp": fakes.CORP}
    answer = client_of(cast.admin).post(reverse("gateway:wecom-people"), sent_)
    report = answer.context["report"]
    assert (report.bound, report.same, [e.row for e in report.errors]) == (1, 1, [3, 4, 6])
    assert known.member_of(fakes.CORP, "lintao") == cast.lin
    assert known.member_of(fakes.CORP, "limin") == cast.li


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", "姓名,电话\n林涛,1".encode(), b"\x00" * 100])
def test_a_table_that_is_none(cast: Cast, client_of: Any, content: bytes) -> None:
    link(cast)
    sent_ = {"act": "load", "table": SimpleUploadedFile("x.xlsx", content), "table_corp": fakes.CORP}
    answer = client_of(cast.admin).post(reverse("gateway:wecom-people"), sent_)
    assert answer.status_code == 422 and not WecomPerson.objects.exists()


def test_binding_by_hand_and_letting_go(cast: Cast, client_of: Any) -> None:
    link(cast)
    fields = {
        "act": "bind",
        "member": cast.lin.pk,
        "corp_id": fakes.CORP,
        "userid": "lintao",
        "idempotency_key": token(),
    }
    assert client_of(cast.admin).post(reverse("gateway:wecom-people"), fields).status_code == 303
    person = WecomPerson.objects.get()
    end = reverse("gateway:wecom-unbind", args=[person.pk])
    for other in (cast.zhou, cast.sun, cast.li):
        assert client_of(other).post(end).status_code == 404
    assert client_of(cast.lin).post(end)["Location"] == reverse("gateway:wecom-mine")
    assert not WecomPerson.objects.exists()


def test_ones_own_page(cast: Cast, client_of: Any) -> None:
    link(cast)
    client = client_of(cast.lin)
    assert "绑定 " not in client.get("/desk/wecom/").content.decode()  # a code stands there only once it is asked for
    shown = client.post("/desk/wecom/").content.decode()
    code = shown.partition("绑定 ")[2][:8]
    assert code.isdigit() and known.code_in(f"绑定 {code}") == code
    from chenyue.gateway.models_wecom import WecomCode

    assert code not in str(WecomCode.objects.values_list("digest", "member")[0])


def test_a_chat_is_dropped_by_its_steward_alone(cast: Cast, client_of: Any) -> None:
    row = WecomForward.objects.create(
        member=cast.wang, body="甲：你好", messages=1, at=AT, until=AT + timedelta(days=3)
    )
    drop = reverse("gateway:wecom-drop", args=[row.pk])
    assert client_of(cast.li).post(drop).status_code == 404
    assert client_of(cast.zhou).post(drop).status_code == 403
    assert client_of(cast.wang).post(drop).status_code == 303 and not WecomForward.objects.exists()


def test_lists_cost_the_same_with_one_row_and_with_three(cast: Cast, client_of: Any) -> None:
    client, row = client_of(cast.admin), link(cast)
    names = iter(("lin", "li", "sun"))

    def came() -> None:
        key = token()
        WecomInbound.objects.create(link=row, key=key, kind="text", outcome="failed", body="{}", at=AT)

    one_and_three(lambda: client.get(reverse("gateway:wecom-people")), lambda: bound(cast, next(names)), 6)
    one_and_three(lambda: client.get(reverse("gateway:wecom-log")), came, 4)
    one_and_three(lambda: client.get(reverse("gateway:wecom")), lambda: link(cast, "report"), 5)


def test_the_log_shows_no_words(cast: Cast, client_of: Any) -> None:
    row = link(cast)
    WecomInbound.objects.create(
        link=row, key="k", kind="text", outcome="failed", body="我家在三幢，电话13800000001", at=AT
    )
    shown = client_of(cast.admin).get(reverse("gateway:wecom-log") + "?outcome=failed").content.decode()
    assert "13800000001" not in shown and "我家在三幢" not in shown
    assert client_of(cast.admin).get(reverse("gateway:wecom-log") + "?outcome='&cursor=x").status_code == 200
