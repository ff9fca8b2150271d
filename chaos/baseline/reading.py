"""What stands on a page: links, forms and their fields, what is loaded, comments."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

LOADS = {
    "script": ("src",), "img": ("src", "srcset"), "iframe": ("src",), "frame": ("src",), "embed": ("src",),
    "object": ("data",), "audio": ("src",), "video": ("src", "poster"), "source": ("src", "srcset"),
    "track": ("src",), "input": ("src",), "use": ("href", "xlink:href"), "form": ("action",), "button": ("formaction",),
    "base": ("href",), "applet": ("code",), "image": ("href", "xlink:href"),
}  # fmt: skip
HTMX = ("hx-get", "hx-post", "hx-put", "hx-delete", "hx-patch")


@dataclass
class Field:
    """A control of a form."""

    tag: str
    kind: str
    name: str
    attributes: dict[str, str]


@dataclass
class Form:
    """A form as a browser sees it."""

    action: str
    post: bool
    fields: list[Field] = field(default_factory=list)

    def names(self) -> set[str]:
        """Of its fields."""
        return {one.name for one in self.fields}


@dataclass
class Page:
    """The parts of a page that matter here."""

    links: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # of <a> and <area>
    gets: list[str] = field(default_factory=list)  # what htmx fetches
    loads: list[tuple[str, str]] = field(default_factory=list)  # tag and address
    forms: list[Form] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    robots: str = ""
    charset: str = ""
    refresh: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.form: Form | None = None
        self.by_id: dict[str, Form] = {}
        self.elsewhere: list[tuple[str, Field]] = []  # fields with form="…"
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._loaded(tag, found)
        self._inline(tag, found)
        if tag in ("a", "area") and "href" in found:
            self.page.links.append((found["href"], found))
        if "hx-get" in found:
            self.page.gets.append(found["hx-get"])
        if tag == "form":
            self.form = Form(found.get("action", ""), found.get("method", "").lower() == "post")
            self.page.forms.append(self.form)
            if "id" in found:
                self.by_id[found["id"]] = self.form
        elif tag in ("input", "select", "textarea", "button") and found.get("name"):
            kind = found.get("type", "text").lower() if tag == "input" else tag
            made = Field(tag, kind, found["name"], found)
            if found.get("form"):
                self.elsewhere.append((found["form"], made))
            elif self.form is not None:
                self.form.fields.append(made)
        elif tag == "meta":
            self._meta(found)

    def _meta(self, found: dict[str, str]) -> None:
        if found.get("name", "").lower() == "robots":
            self.page.robots = found.get("content", "")
        if "charset" in found:
            self.page.charset = found["charset"].lower()
        if found.get("http-equiv", "").lower() == "refresh":
            self.page.refresh = found.get("content", "")

    def _loaded(self, tag: str, found: dict[str, str]) -> None:
        names = LOADS.get(tag, ())
        if tag == "link" and not {"canonical", "alternate", "author", "license"} & set(found.get("rel", "").split()):
            names = ("href",)
        self.page.loads += [(tag, found[name]) for name in (*names, *HTMX) if found.get(name)]

    def _inline(self, tag: str, found: dict[str, str]) -> None:
        self.script = tag == "script" and "src" not in found and "json" not in found.get("type", "")
        if self.script or tag == "style":
            self.page.inline.append(f"<{tag}>")
        self.page.inline += [name for name in found if name.startswith("on") or name == "style"]
        if any(value.strip().lower().startswith(("javascript:", "data:text/html")) for value in found.values()):
            self.page.inline.append("javascript:")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None

    def handle_comment(self, data: str) -> None:
        self.page.comments.append(data.strip())


def read(html: str) -> Page:
    """The page's parts."""
    reader = _Reader()
    reader.feed(html)
    for key, control in reader.elsewhere:
        if key in reader.by_id:
            reader.by_id[key].fields.append(control)
    return reader.page
