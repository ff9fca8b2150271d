"""Assistants read and draft by the scopes of a token; they change nothing, and learn no contact data."""

import asyncio
import json
from importlib.util import find_spec
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone, translation

from cast import Cast
from chenyue.cases import actions
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.gateway.api.build import openapi
from chenyue.gateway.assistants import server, tools
from chenyue.notify.models import Message
from chenyue.timeline.models import Entry
from gateway.api_stage import held
from helpers import sample_case

pytestmark = pytest.mark.django_db
needs_library = pytest.mark.skipif(not find_spec("mcp"), reason="the library isn't installed (requirements-mcp.lock)")
PHONE, HERE = "13912345678", "127.0.0.1"
EXAMPLES: dict[str, dict[str, Any]] = {
    "get_case": {"number": ""}, "get_timeline": {"number": ""}, "get_appeal": {"number": ""}, "get_place": {"id": 1},
    "search_places": {"q": "金桂苑1幢"}, "list_terms": {"building_id": 1}, "get_project": {"number": "x"},
    "get_tally": {"number": "x"}, "get_queue": {"id": 1}, "suggest_triage": {"words": "污水管堵了"},
    "draft_answer": {"number": ""},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


async def ended() -> None:
    """Django's half has a thread of its own, whose connection must not outlive the test."""
    await server._aside(connections.close_all)


def ask(name: str, token: str, **arguments: Any) -> tools.Answer:
    return tools.call(name, arguments, token=token, address=HERE)


def dispatched(cast: Cast, words: str = "金桂苑1幢楼道的污水管堵了，臭水漫到一楼。") -> Case:
    return sample_case(cast, words=words).case  # type: ignore[no-any-return]


def test_each_tool_is_an_operation_that_reads_and_opens_by_the_words_it_names(cast: Cast) -> None:
    named = {operation["operationId"] for path in openapi()["paths"].values() for operation in path.values()}
    assert set(tools.READS) <= named, "an operation has gone or is called otherwise"
    case = dispatched(cast)
    numbers = {"get_appeal": case.appeals.get().number}
    nothing, everything = held(cast, cast.admin, words=[]), held(cast, cast.li)
    open_to = set(tools._caller(everything, HERE).words())
    for name, tool in tools.tools().items():
        given = {key: value or numbers.get(name, case.number) for key, value in EXAMPLES.get(name, {}).items()}
        found = ask(name, nothing, **given)
        assert found.ok is not bool(tool.needs), name
        assert not tool.needs or found.data["status"] in (403, 404), name
        if open_to.intersection(tool.needs) and tool.draft is None:
            assert ask(name, everything, **given).data.get("status") != 403, name


def test_reading_masks_and_leaves_no_trace(cast: Cast) -> None:
    case = dispatched(cast, f"金桂苑1幢污水管堵了，打我电话{PHONE}，身份证11010519491231002X")
    token = held(cast, cast.li)
    before = Entry.objects.count(), Message.objects.count(), Case.objects.get(pk=case.pk).version
    for name, given in (
        ("get_case", {"number": case.number}),
        ("list_appeals", {}),
        ("get_timeline", {"number": case.number}),
        ("list_cases", {"q": "污水", "state": ["open"]}),
    ):
        found = ask(name, token, **given)
        assert found.ok, found.data
        told = json.dumps(found.data, ensure_ascii=False)
        assert "污水" in told or case.number in told
        assert PHONE not in told
        assert "11010519491231002X" not in told
    assert (Entry.objects.count(), Message.objects.count(), Case.objects.get(pk=case.pk).version) == before
    assert not {"get_contact", "get_attachment", "list_homes", "list_webhooks"} & set(tools.tools())
    assert all(tool.path == "" or "get" in openapi()["paths"][tool.path] for tool in tools.tools().values())


def test_drafts_are_given_back_and_kept_nowhere(cast: Cast) -> None:
    case = dispatched(cast)
    actions.move(case=case, move=Move.ACCEPT, by=cast.lin.actor(), at=timezone.now())
    token, lins = held(cast, cast.li), held(cast, cast.lin)
    before = Entry.objects.count(), Message.objects.count(), Case.objects.count()
    found = ask("suggest_triage", token, words="金桂苑1幢楼道的污水管堵了")
    assert found.ok
    assert "污水" in json.dumps(found.data, ensure_ascii=False)
    shown = ask("draft_answer", lins, number=case.number, told=f"已疏通，有事打{PHONE}。")
    assert shown.ok, shown.data
    assert "已疏通" in shown.data["preview"][0]["text"]
    assert PHONE not in json.dumps(shown.data)
    refused = ask("draft_answer", token, number=case.number, told="已疏通。")
    assert refused.data["status"] in (403, 409, 422), "a clerk doesn't answer for the unit"
    assert (Entry.objects.count(), Message.objects.count(), Case.objects.count()) == before


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("get_case", {}, "argument"),
        ("get_case", {"number": "../../me"}, "not_found"),
        ("get_case", {"number": "A\x00"}, "not_found"),
        ("list_cases", {"limit": 10**9}, "invalid"),
        ("list_cases", {"nonsense": 1}, "argument"),
        ("list_cases", {"state": ["\ud800"]}, "filter"),
        ("close_case", {}, "tool"),
        ("move_close", {"number": "x"}, "tool"),
        ("get_contact", {"number": "x", "reason": "because"}, "tool"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_sentence(cast: Cast, name: str, given: dict[str, Any], code: str) -> None:
    found = ask(name, held(cast, cast.li), **given)
    assert not found.ok
    assert found.data["detail"]
    assert found.data["code"] == code or found.data["status"] in (400, 404, 422), found.data


def test_tokens_that_open_nothing(cast: Cast) -> None:
    for text in ("", "cyt_wrong", "Bearer x\r\nX: y"):
        found = ask("list_cases", text)
        assert not found.ok
        assert found.data["status"] == 401
    assert ask("get_me", held(cast, cast.li, read_only=True)).ok
    slow = held(cast, cast.li, hourly=1)
    assert [ask("get_me", slow).ok, ask("get_me", slow).data["status"]] == [True, 429]


def test_the_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "installed", lambda: False)
    with pytest.raises(CommandError, match="requirements-mcp"):
        call_command("mcp")
    monkeypatch.setattr(server, "installed", lambda: True)
    monkeypatch.delenv(server.TOKEN, raising=False)
    with pytest.raises(CommandError, match="CHENYUE_TOKEN"):
        call_command("mcp")


@needs_library
@pytest.mark.django_db(transaction=True)
def test_an_assistant_connects_lists_and_calls(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from mcp import Client

    case = dispatched(cast)
    monkeypatch.setenv(server.TOKEN, held(cast, cast.li, words=["case.see"]))

    async def talk() -> tuple[list[str], Any, Any]:
        async with Client(server.server(server.of_this_process), raise_exceptions=True) as client:
            listed = await client.list_tools()
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed.tools)
            good = await client.call_tool("get_case", {"number": case.number})
            bad = await client.call_tool("list_rates", {})
            await ended()
            return [tool.name for tool in listed.tools], good, bad

    names, good, bad = asyncio.run(talk())
    assert "get_case" in names
    assert not {"list_rates", "draft_answer", "list_members"} & set(names), "only what this token opens is shown"
    assert good.structured_content["number"] == case.number
    assert bad.is_error
    assert bad.structured_content["status"] == 403


@needs_library
@pytest.mark.django_db(transaction=True)
def test_over_http_each_call_brings_its_token(cast: Cast) -> None:
    import httpx

    token = held(cast, cast.li, words=["case.see"])
    headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "get_me", "arguments": {}}}

    async def talk() -> list[Any]:
        application = server.over_http("127.0.0.1", 7071, [])
        inner = application.inner
        async with inner.router.lifespan_context(inner):
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:7071", headers=headers
            ) as client:
                bearer = {"Authorization": f"Bearer {token}"}
                found = [
                    await client.post("/mcp", json=call),
                    await client.post("/mcp", json=call, headers=bearer | {"Host": "evil.example"}),
                    await client.post("/mcp", json=call, headers=bearer | {"Origin": "https://evil.example"}),
                    await client.post("/mcp", json=call, headers=bearer),
                    await client.post("/mcp", json=call, headers={"Authorization": "Bearer cyt_wrong"}),
                ]
                await ended()
                return found

    none, host, origin, good, wrong = asyncio.run(talk())
    assert none.status_code == 401
    assert (host.status_code, origin.status_code) == (421, 403)
    assert good.json()["result"]["structuredContent"]["owner"]
    assert wrong.json()["result"]["isError"]
