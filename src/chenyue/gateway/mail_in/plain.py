"""The words of a letter: out of HTML, and without what its answer quotes. Pure; each character is looked at once."""

import html
import re

MOST_HTML = 1_000_000  # characters
_OTHER = re.compile(r"<[!?][^<>]{0,2000}>?")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:.-]*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>", re.ASCII)
_SILENT = ("script", "style", "title", "head", "template")
_LINES = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "ul", "ol", "hr"}
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
# What programs put before the letter that is answered; from there on it isn't the writer's.
_QUOTE = re.compile(
    r"^\s*(?:-{2,}\s*(?:原始邮件|原邮件|Original Message|Forwarded message|转发的?邮件|回复的原邮件).{0,40}"
    r"|发件人\s*[:：].{0,200}|From:\s.{0,200}"
    r"|在\s?\d{4}\s?[年/-].{4,120}写道\s*[:：]?|On\s.{6,160}\swrote:|.{1,120}于\s?\d{4}\s?[年/-].{4,80}写道\s*[:：]?"
    r"|-{10,}|_{10,}|发自我的.{0,30})\s*$"
)
_SENT_FROM = re.compile(r"^\s*(?:发自我的|Sent from my).{0,40}$")


def from_html(source: str) -> str:
    """The text of a page: blocks on lines of their own, nothing that isn't shown."""
    source = source[:MOST_HTML]
    for name in _SILENT:
        source = _without(source, name)
    source = _OTHER.sub("", source)
    text = _TAG.sub(lambda found: "\n" if found[2].lower() in _LINES else "", source)
    return tidy(html.unescape(text))


def _without(source: str, name: str) -> str:
    """Everything between `<name` and `</name>` taken out; what isn't closed ends the page."""
    folded, kept, at = source.lower(), [], 0
    while (begin := folded.find(f"<{name}", at)) >= 0:
        after = folded[begin + len(name) + 1 : begin + len(name) + 2]
        if after and (after.isalnum() or after == "-"):  # <header> is no <head>
            kept.append(source[at : begin + 1])
            at = begin + 1
            continue
        kept.append(source[at:begin])
        end = folded.find(f"</{name}", begin)
        if end < 0:
            return "".join(kept)
        close = folded.find(">", end)
        at = len(source) if close < 0 else close + 1
    return "".join(kept) + source[at:]


def tidy(text: str) -> str:
    """Lines without spaces at their ends, never more than one empty line together."""
    lines = [_SPACES.sub(" ", line).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    found: list[str] = []
    for line in lines:
        if line or (found and found[-1]):
            found.append(line)
    return "\n".join(found).strip()


def own_words(text: str) -> str:
    """What the writer of an answer wrote: without quoted lines, the letter below, and signatures."""
    found: list[str] = []
    for line in text.split("\n"):
        if line.strip() == "--" or _QUOTE.match(line[:400]):
            break
        if not line.lstrip().startswith((">", "＞")) and not _SENT_FROM.match(line[:80]):
            found.append(line)
    return tidy("\n".join(found))
