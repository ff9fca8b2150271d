"""From page to page by its links, as one person after the other; a few of each kind of page."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from chaos.baseline.reading import Page, read
from chaos.baseline.rules import RULES, Known
from chaos.baseline.visitor import Answer, Visitor

EACH = 4  # pages of one kind that one person opens
STREAMS = "/live/"  # answers that never end


def kind_of(path: str) -> str:
    """Addresses of one kind: numbers and codes count as one, and so do values behind the question mark."""
    parts = urlsplit(path)
    plain = "/".join("*" if re.search(r"\d|^[A-Za-z0-9_-]{16,}$|%", step) else step for step in parts.path.split("/"))
    names = sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
    return plain + (f"?{'&'.join(names)}" if names else "")


@dataclass
class Finding:
    """What is wrong, and at which kinds of pages."""

    rule: str
    what: str
    pages: Counter[str] = field(default_factory=Counter)
    example: str = ""


@dataclass
class Findings:
    """All that was found, told once each."""

    rows: dict[tuple[str, str], Finding] = field(default_factory=dict)
    looked: Counter[str] = field(default_factory=Counter)  # by rule

    def add(self, rule: str, what: str, answer: Answer) -> None:
        """One more page at which this is so."""
        if (rule, what) not in self.rows:
            print(f"    {rule}: {what} at {answer.method} {answer.path[:160]} as {answer.who}", flush=True)
        row = self.rows.setdefault((rule, what), Finding(rule, what))
        row.pages[kind_of(answer.path)] += 1
        row.example = row.example or f"{answer.method} {answer.path[:200]} as {answer.who}: {answer.status}"

    def judge(self, answer: Answer, known: Known) -> Page | None:
        """Ask every rule; the page, where it is one."""
        page = read(answer.text) if answer.html and answer.body else None
        for name, (_says, check) in RULES.items():
            self.looked[name] += 1
            for what in check(answer, page, known):
                self.add(name, what, answer)
        return page


@dataclass
class Crawl:
    """One person's walk."""

    visitor: Visitor
    known: Known
    findings: Findings
    each: int = EACH
    seen: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    parameters: dict[str, set[str]] = field(default_factory=dict)  # path → names that may stand behind the mark
    waiting: deque[tuple[str, str]] = field(default_factory=deque)  # address, and the page that it stands on

    def walk(self, begin: list[str]) -> None:
        """Open these and whatever they lead to."""
        for path in begin:
            self._put(path, "", always=True)
        while self.waiting:
            path, source = self.waiting.popleft()
            answer = self.visitor.ask(path)
            self.answers[answer.status] += 1
            page = self.findings.judge(answer, self.known)
            if source and answer.status in (403, 404, 410):
                self.findings.add("links", f"{answer.status} {kind_of(path)} from {kind_of(source)}", answer)
            for found in self._leads(answer, page):
                self._put(found, path)

    def _leads(self, answer: Answer, page: Page | None) -> Iterator[str]:
        if answer.header("location"):
            yield answer.header("location")
        if page is None:
            return
        yield from (address for address, _attributes in page.links)
        yield from page.gets
        yield from (address for tag, address in page.loads if tag in ("img", "script", "link", "audio", "source"))
        for form in page.forms:
            if not form.post:
                where = urlsplit(urljoin(answer.path, form.action)).path
                self.parameters.setdefault(where, set()).update(form.names())
                yield form.action or answer.path

    def _put(self, address: str, source: str, *, always: bool = False) -> None:
        whole = urlsplit(urljoin(self.known.at.origin + (source or "/"), address))
        if f"{whole.scheme}://{whole.netloc}" != self.known.at.origin or whole.path.startswith(STREAMS):
            return
        path = whole.path + (f"?{whole.query}" if whole.query else "")
        names = {name for name, _value in parse_qsl(whole.query, keep_blank_values=True)}
        self.parameters.setdefault(whole.path, set()).update(names)
        kind = kind_of(path)
        if path in self.seen or (self.kinds[kind] >= self.each and not always):
            return
        self.seen.add(path)
        self.kinds[kind] += 1
        self.waiting.append((path, source))
