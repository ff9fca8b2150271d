"""What is asked of every answer. A rule yields what is wrong; nothing where all is well."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from chaos.baseline.reading import Form, Page
from chaos.baseline.visitor import Address, Answer


@dataclass
class Known:
    """What a rule must know of the office that is looked at."""

    at: Address
    raw: frozenset[str] = frozenset()  # contact data of residents, as they were told; shown to nobody without a reason
    holders: re.Pattern[str] = field(default_factory=lambda: re.compile(r"(?!)"))  # addresses that are a code


Rule = Callable[[Answer, Page | None, Known], Iterator[str]]
RULES: dict[str, tuple[str, Rule]] = {}


def rule(name: str, says: str) -> Callable[[Rule], Rule]:
    """Register a rule under a short name."""

    def register(check: Rule) -> Rule:
        RULES[name] = says, check
        return check

    return register


def static(answer: Answer) -> bool:
    """Files of the product itself, the same for everybody."""
    return answer.path.startswith("/static/")


@rule("fault", "no answer of 500 and more")
def fault(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if answer.status >= 500:
        yield f"{answer.status}"


@rule("policy", "a content policy without unsafe- and wildcards, on every page")
def policy(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if static(answer):
        return
    found = answer.header("content-security-policy")
    if not found:
        yield "none"
    if "unsafe-" in found or re.search(r"(?<![\w.])\*(?![\w.])|https?:(?!//)", found):
        yield found
    strict = "default-src 'none'" in found
    for wanted in ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        if found and wanted not in found and not strict:
            yield f"without {wanted}"


@rule("sniff", "X-Content-Type-Options: nosniff")
def sniff(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if answer.header("x-content-type-options").lower() != "nosniff":
        yield answer.header("x-content-type-options") or "none"


@rule("frame", "X-Frame-Options: DENY")
def frame(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if not static(answer) and answer.header("x-frame-options").upper() != "DENY":
        yield answer.header("x-frame-options") or "none"


@rule("referrer", "Referrer-Policy that tells other sites nothing")
def referrer(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if answer.header("referrer-policy") not in ("same-origin", "no-referrer"):
        yield answer.header("referrer-policy") or "none"


@rule("permissions", "Permissions-Policy")
def permissions(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if not static(answer) and not answer.header("permissions-policy"):
        yield "none"


@rule("opener", "Cross-Origin-Opener-Policy: same-origin")
def opener(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if answer.header("cross-origin-opener-policy") != "same-origin":
        yield answer.header("cross-origin-opener-policy") or "none"


@rule("resource", "Cross-Origin-Resource-Policy: same-origin")
def resource(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if not static(answer) and answer.header("cross-origin-resource-policy") != "same-origin":
        yield answer.header("cross-origin-resource-policy") or "none"


@rule("cors", "no Access-Control-Allow-Origin")
def cors(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if answer.header("access-control-allow-origin") and not static(answer):
        yield answer.header("access-control-allow-origin")


@rule("kept", "no-store on what is for one person; nothing personal is public")
def kept(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if static(answer):
        return
    found = answer.header("cache-control")
    personal = not answer.anonymous or (known.holders.fullmatch(path_of(answer)) and answer.status == 200)
    shared = not any(word in found for word in ("private", "no-store", "no-cache"))
    if (personal and "no-store" not in found) or shared:
        yield found or "none"


@rule("cookies", "HttpOnly, SameSite and a path; Secure over HTTPS")
def cookies(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    for name, value in answer.headers:
        if name.lower() != "set-cookie" or "max-age=0" in value.lower():  # one that is taken away carries nothing
            continue
        said = value.lower()
        wanted = ["httponly", "samesite=", "path=/"] + (["secure"] if known.at.secure else [])
        yield from (f"{value.partition('=')[0]} without {one}" for one in wanted if one not in said)


@rule("charset", "UTF-8, said in the type of every text")
def charset(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    said = answer.header("content-type").lower()
    if answer.body and answer.kind.startswith("text/") and not static(answer) and "charset=utf-8" not in said:
        yield said or "no type"
    if answer.body and not said:
        yield "no type"
    if page and page.charset not in ("utf-8", ""):
        yield page.charset


def path_of(answer: Answer) -> str:
    return answer.path.partition("?")[0]


@rule("foreign", "nothing is loaded from, or sent to, another origin")
def foreign(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    for tag, address in page.loads if page else []:
        for one in address.split(",") if tag == "source" else [address]:
            whole = urlsplit(urljoin(known.at.origin + answer.path, one.strip().split(" ")[0]))
            if whole.scheme not in ("data", "blob") and f"{whole.scheme}://{whole.netloc}" != known.at.origin:
                yield f"<{tag}> {one[:80]}"
    _seconds, _mark, where = (page.refresh if page else "").partition("=")
    if where and urlsplit(urljoin(known.at.origin, where)).netloc != urlsplit(known.at.origin).netloc:
        yield f"refresh {where}"


@rule("inline", "no script, style or handler inside a page")
def inline(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    yield from sorted(set(page.inline)) if page else []


# Forms whose content isn't kept, not even its print; or that change nothing but what this browser shows.
WITHOUT_KEY = re.compile(
    r"/(me/sign-out|sign-in|sign-out|look|demo|signin|follow)/?|/demo/|.*/(password|second-step|remove-factor|pin|leave)/?"
)


@rule("forms", "each form that is sent carries a CSRF token and a key; secrets are never in an address")
def forms(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    for form in page.forms if page else []:
        names = form.names()
        if form.post:
            if "csrfmiddlewaretoken" not in names:
                yield f"{form.action or 'own address'}: no CSRF token"
            yield from _keyless(answer, form, names)
        elif "csrfmiddlewaretoken" in names or any(one.kind == "password" for one in form.fields):
            yield f"{form.action or 'own address'}: a secret in an address"


def _keyless(answer: Answer, form: Form, names: set[str]) -> Iterator[str]:
    where = urlsplit(urljoin(answer.path, form.action)).path
    if "idempotency_key" not in names and not WITHOUT_KEY.fullmatch(where):
        yield f"{re.sub(r'[0-9]+', '*', where)}: no key"


PERSONAL = re.compile(r"(^|[_-])(phone|tel|email|id_number|password|pin|code)$")


@rule("autocomplete", "fields of personal data and secrets say what a browser may fill in")
def autocomplete(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    for form in page.forms if page else []:
        for one in form.fields:
            secret = one.kind in ("password", "tel", "email") or (one.kind == "text" and PERSONAL.search(one.name))
            if secret and not one.attributes.get("autocomplete"):
                yield f"{one.name} ({one.kind})"


NUMBER = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@rule("contact", "no telephone number or e-mail address of a resident unmasked")
def contact(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if not answer.kind.startswith(("text/", "application/json", "application/xml")) or static(answer):
        return
    text = answer.text
    yield from sorted({f"{found[:3]}…" for found in NUMBER.findall(text) if found in known.raw})
    yield from sorted({"an address" for one in known.raw if "@" in one and one in text})


LEAKS = {
    "a traceback": re.compile(r"Traceback \(most recent|File &quot;|File \"[^\"]+\", line \d"),
    "a statement": re.compile(
        r"\b(SELECT|INSERT INTO|UPDATE) [\w\"., *]{1,80} (FROM|VALUES|SET)\b|django\.db\.utils|sqlite3\."
    ),
    "a folder of the machine": re.compile(r"(?<![\w/])/(?:home|root|usr|etc|var/lib|opt|tmp|work)/[\w.-]+/"),
    "a place in the code": re.compile(r"chenyue/[a-z_/]+\.py|site-packages|DoesNotExist|object at 0x"),
    "a version": re.compile(r"\b(Django|uvicorn|Python|SQLite|PostgreSQL|httptools|WhiteNoise)/\d"),
    "a key": re.compile(r"secret_key|SECRET_KEY|BEGIN [A-Z ]*PRIVATE KEY"),
    "a blank of a template": re.compile(r"\{\{ ?[a-z_.]+ ?\}\}|\{% ?[a-z]+"),
}


@rule("leaks", "no trace of code, statements, folders, versions or keys; no comments in pages")
def leaks(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    for name in ("server", "x-powered-by", "via", "x-aspnet-version", "sourcemap", "x-sourcemap"):
        if answer.header(name):
            yield f"{name}: {answer.header(name)}"
    if page:
        yield from (f"a comment: {one[:60]}" for one in page.comments if one)
        text = answer.text
        yield from (f"{what}: {found.group(0)[:60]}" for what, one in LEAKS.items() if (found := one.search(text)))
    elif static(answer) and b"sourceMappingURL" in answer.body:
        yield "names a source map"


@rule("window", "a link that opens a window is rel=noopener")
def window(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    for address, attributes in page.links if page else []:
        if attributes.get("target") == "_blank" and "noopener" not in attributes.get("rel", ""):
            yield address[:80]


@rule("token", "no token of a session or form in an address")
def token(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    for address, _attributes in page.links if page else []:
        if re.search(r"csrfmiddlewaretoken|sessionid|idempotency_key|password=", address):
            yield address[:80]


@rule("robots", "pages behind a code are kept from search engines")
def robots(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if answer.status != 200 or not known.holders.fullmatch(path_of(answer)):
        return
    if "noindex" not in (page.robots if page else "") and "noindex" not in answer.header("x-robots-tag"):
        yield "none"


SHOWN = {
    "text/html", "application/json", "text/plain", "text/css", "text/javascript", "application/javascript", "text/xml",
    "application/rss+xml", "application/atom+xml",
}  # fmt: skip


@rule("download", "files go out as attachments, or as pictures and papers that can't run anything")
def download(answer: Answer, page: Page | None, known: Known) -> Iterator[str]:
    if static(answer) or answer.status != 200 or answer.kind in SHOWN or not answer.body:
        return
    harmless = answer.kind.startswith(("image/", "audio/")) or answer.kind in (
        "application/pdf",
        "text/calendar",
        "application/problem+json",
        "application/xml",
        "application/manifest+json",
    )
    if "attachment" not in answer.header("content-disposition") and not harmless:
        yield answer.kind
    if answer.kind in ("image/svg+xml", "application/pdf", "text/xml") and "'none'" not in answer.header(
        "content-security-policy"
    ):
        yield f"{answer.kind} without a policy"
