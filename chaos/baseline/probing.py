"""Hostile requests that harm nothing: what comes back must be a plain no."""

import re
import socket
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, urlsplit

from chaos.baseline.crawling import Findings, kind_of
from chaos.baseline.rules import LEAKS, RULES, Known
from chaos.baseline.visitor import Address, Answer, Visitor, raw, status

MARK = "cy7q"
TAGS = f"{MARK}<i>\"'{MARK}<!--"
ELSEWHERE = "evil.example"
BACK = ("next", "return", "return_to", "back", "url", "redirect", "continue", "from", "to")
LEADS = [
    f"//{ELSEWHERE}/", f"https://{ELSEWHERE}/", f"/\\{ELSEWHERE}/", f"https:{ELSEWHERE}", f"///{ELSEWHERE}",
    "javascript:alert(1)", f"http://127.0.0.1@{ELSEWHERE}/", f"\t//{ELSEWHERE}",
]  # fmt: skip
HIDDEN = """
    /static/ /static/core/ /static/core/vendor/ /files/ /media/ /attachments/ /var/ /.git/HEAD /.env /secrets.json
    /chenyue.sqlite3 /backups/ /backup-code /pyproject.toml /requirements.lock /manage.py /admin/ /server-status
    /static/../secrets.json /static/%2e%2e/secrets.json /static/..%2f..%2fsecrets.json /static/core/../../secrets.json
    //evil.example/%2e%2e /%00 /desk/%00/ /%ff%fe/ /static/%00 /. /.. /desk/..;/ /desk//cases/ /~root/ /debug/
"""
OPEN = re.compile(r"<title>Index of|Directory listing|secret_key|\[core\]|SQLite format", re.IGNORECASE)
Probe = Callable[[Visitor, Known, Findings], int]
PROBES: dict[str, tuple[str, Probe]] = {}


def probe(name: str, says: str) -> Callable[[Probe], Probe]:
    """Register a probe under a short name; it gives how many requests it made."""

    def register(run: Probe) -> Probe:
        PROBES[name] = says, run
        return run

    return register


def shape(name: str, answer: Answer, findings: Findings, known: Known) -> None:
    """What is asked of every refusal: no fault, nothing leaks, and the headers are there."""
    for of in ("fault", "sniff", "leaks", "policy"):
        for what in RULES[of][1](answer, None, known):
            findings.add(name, f"{of}: {what}", answer)
    for what, leak in LEAKS.items():
        if answer.html and leak.search(answer.text):
            findings.add(name, what, answer)


@probe("hidden", "no listing of folders, no file that isn't meant to be served")
def hidden(visitor: Visitor, known: Known, findings: Findings) -> int:
    for path in HIDDEN.split():
        answer = visitor.ask(path)
        shape("hidden", answer, findings, known)
        if OPEN.search(answer.text) or (
            answer.status == 200 and path.startswith(("/.", "/secrets", "/var", "/backup"))
        ):
            findings.add("hidden", "is open", answer)
        if answer.header("location").startswith("//"):
            findings.add("hidden", f"leads to {answer.header('location')}", answer)
    return len(HIDDEN.split())


@probe("oversized", "lines, headers and bodies that are too long are refused")
def oversized(visitor: Visitor, known: Known, findings: Findings) -> int:
    host = f"Host: {known.at.host}:{known.at.port}\r\n"
    long = {
        "an address of 1 MB": f"GET /{'a' * 1_000_000} HTTP/1.1\r\n{host}\r\n",
        "an address of 70 KB": f"GET /?q={'a' * 70_000} HTTP/1.1\r\n{host}\r\n",
        "a header of 1 MB": f"GET / HTTP/1.1\r\n{host}X-A: {'a' * 1_000_000}\r\n\r\n",
        "20,000 headers": f"GET / HTTP/1.1\r\n{host}" + "".join(f"X-{n}: a\r\n" for n in range(20_000)) + "\r\n",
        "a cookie of 200 KB": f"GET / HTTP/1.1\r\n{host}Cookie: chenyue_session={'a' * 200_000}\r\n\r\n",
        "5,000 fields": _form(host, "&".join(f"f{n}=1" for n in range(5_000))),
        "a body of 6 MB in one field": _form(host, "words=" + "a" * 6_000_000),
        "a length that isn't one": f"POST /tell/ HTTP/1.1\r\n{host}Content-Length: -5\r\n\r\n",
        "a length of 10^20": f"POST /tell/ HTTP/1.1\r\n{host}Content-Length: {10**20}\r\n\r\n",
        "two lengths": f"POST /tell/ HTTP/1.1\r\n{host}Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
        "length and pieces": _pieces(host + "Content-Length: 4\r\n", ""),
        "pieces": _pieces(host, "5\r\nhello\r\n"),
        "no protocol": "GET /\r\n\r\n", "a strange one": f"GET / HTTP/9.9\r\n{host}\r\n",
        "nonsense": "\x00\x01\x02\r\n\r\n",
        "a folded header": f"GET / HTTP/1.1\r\n{host}X-A: b\r\n c: d\r\n\r\n", "no host": "GET / HTTP/1.1\r\n\r\n",
    }  # fmt: skip
    for what, request in long.items():
        reply = raw(known.at, request.encode("latin-1"))
        answer = Answer("anonymous", f"({what})", "raw", status(reply), [], reply)
        if answer.status >= 500 or (answer.status and answer.status < 400 and what not in SMALL):
            findings.add("oversized", f"{what}: {answer.status}", answer)
        if any(leak.search(answer.text) for leak in LEAKS.values()):
            findings.add("oversized", f"{what}: leaks", answer)
    if visitor.ask("/healthz").status != 200:
        findings.add("oversized", "the server is gone", visitor.ask("/healthz"))
    return len(long)


SMALL = ("a strange one", "a folded header", "no host")  # a server may read them as what was meant


def _pieces(host: str, piece: str) -> str:
    return f"POST /tell/ HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n{piece}0\r\n\r\n"


def _form(host: str, body: str) -> str:
    head = f"POST /tell/ HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}"


@probe("host", "a made-up name of the host comes to stand on no page")
def host(visitor: Visitor, known: Known, findings: Findings) -> int:
    tries = [
        {"Host": ELSEWHERE}, {"X-Forwarded-Host": ELSEWHERE}, {"Forwarded": f"host={ELSEWHERE}"}, {"X-Host": ELSEWHERE},
        {"X-Original-URL": "/desk/"}, {"X-Rewrite-URL": "/desk/"}, {"Referer": f"https://{ELSEWHERE}/"},
        {"Origin": f"https://{ELSEWHERE}"}, {"Host": "a b"}, {"Host": "evil.example:99999"}, {"Host": "[::1"},
        {"Host": ""},
    ]  # fmt: skip
    paths = ("/", "/tell/", "/desk/", "/sign-in/", "/news/", "/nothing-here/")
    for path in paths:
        for headers in tries:
            answer = visitor.ask(path, headers=headers)
            shape("host", answer, findings, known)
            if ELSEWHERE in answer.text or any(ELSEWHERE in value for _name, value in answer.headers):
                findings.add("host", f"repeats {next(iter(headers))}", answer)
            if answer.header("access-control-allow-origin"):
                findings.add("host", "lets another site read", answer)
    return len(paths) * len(tries)


def methods(visitor: Visitor, known: Known, findings: Findings, paths: Iterable[str]) -> int:
    """Each kind of page by methods that it doesn't have."""
    made = 0
    for path in paths:
        for method in ("PUT", "TRACE", "CHENYUE"):
            answer = visitor.ask(path, method, headers={"X-Echo": MARK})
            made += 1
            shape("methods", answer, findings, known)
            if answer.status < 400 and answer.status not in (302, 303):
                findings.add("methods", f"{method} is answered {answer.status}", answer)
            if MARK in answer.text:
                findings.add("methods", f"{method} is echoed", answer)
        answer = visitor.ask(path, "HEAD")
        made += 1
        if answer.body or answer.status >= 500:
            findings.add("methods", f"HEAD: {answer.status}, {len(answer.body)} bytes", answer)
    return made


def reflected(visitor: Visitor, known: Known, findings: Findings, parameters: dict[str, set[str]]) -> int:
    """A marked value behind the question mark must never come back as a tag or out of its quotes."""
    made = 0
    for path, names in parameters.items():
        for name in sorted(names):
            answer = visitor.ask(f"{path}?{quote(name)}={quote(TAGS)}")
            made += 1
            shape("reflected", answer, findings, known)
            for found in _unescaped(answer):
                findings.add("reflected", f"{name}: {found}", answer)
    return made


def _unescaped(answer: Answer) -> Iterator[str]:
    if answer.html:
        for found in re.finditer(rf"{MARK}.{{0,40}}?(?:<i>|<!--)|{MARK}<i>[^&]{{0,3}}\"", answer.text):
            yield found.group(0)[:40]
    if any(MARK in value and ("\n" in value or "\r" in value) for _name, value in answer.headers):
        yield "in a header"


def redirected(visitor: Visitor, known: Known, findings: Findings, parameters: dict[str, set[str]]) -> int:
    """No address that is handed in leads away from this office: neither at once nor by a link on the page."""
    made = 0
    for path, names in parameters.items():
        for name in sorted(names & set(BACK)):
            for lead in LEADS if name == "next" else LEADS[:2]:
                answer = visitor.ask(f"{path}?{name}={quote(lead)}")
                made += 1
                where = answer.header("location")
                away = urlsplit(where).netloc not in ("", urlsplit(known.at.origin).netloc) or where.startswith(
                    ("/\\", "javascript")
                )
                if away or re.search(
                    rf"(?:href|action|content)=\"\s*(?:https?:)?[/\\]+(?:[^\"/]*@)?{ELSEWHERE}|href=\"javascript",
                    answer.text,
                ):
                    findings.add("redirected", f"{name}={lead}", answer)
    return made


def one_of_each(paths: Iterable[str]) -> list[str]:
    """The first address of each kind."""
    found: dict[str, str] = {}
    for path in paths:
        found.setdefault(kind_of(path.partition("?")[0]), path.partition("?")[0])
    return list(found.values())


def alive(at: Address) -> bool:
    """Whether anybody listens there."""
    try:
        with socket.create_connection((at.host, at.port), timeout=5):
            return True
    except OSError:
        return False
