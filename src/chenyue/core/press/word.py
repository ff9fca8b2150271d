"""Word by docxtpl: a template with blanks, plain data in, everything escaped."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import ChainableUndefined, nodes

from chenyue.core.press import archive, blanks
from chenyue.core.press.refused import Refused

# docxtpl's `{{r blank}}` puts the blank among the paragraph's XML instead of into its text; the others change tables.
_RAW = re.compile(r"\{[{%]\s*r\s.{0,20}|\{%\s*(?:colspan|cellbg|hm|vm)\b.{0,20}")
_TAGS = re.compile(r"<[^>]*>")


class _Template(DocxTemplate):  # type: ignore[misc]  # docxtpl says nothing of its types
    """Without the signs that let words become parts of the document."""

    def patch_xml(self, src_xml: str) -> str:
        """The part as Jinja reads it; a sign may be cut into several runs, so that tags are left out for looking."""
        if found := _RAW.search(_TAGS.sub("", src_xml)):
            raise Refused("not_plain", found.group(0))
        return str(super().patch_xml(src_xml))


class _Looking(blanks.Plain):
    """Collects the blanks that the sample doesn't know, all of them before anything is refused."""

    def __init__(self, sample: dict[str, Any]) -> None:
        super().__init__()
        self.undefined = ChainableUndefined
        self.sample = sample
        self.unknown: dict[str, None] = {}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        self.unknown.update(dict.fromkeys(blanks.unknown(tree, self.sample)))
        return tree


def make(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Fill `main.docx` of the folder with the job's data into `out`."""
    content = (folder / "main.docx").read_bytes()
    (folder / "out").write_bytes(_filled(content, job["data"], folder, blanks.Plain()))
    return {}


def look(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Look at a template that somebody uploads: is it safe, are its blanks known, does it fill; leaves the sample."""
    content = (folder / "main.docx").read_bytes()
    archive.check(content)
    looking = _Looking(job["data"])
    made = _filled(content, job["data"], folder, looking)
    if looking.unknown:
        raise Refused("unknown_blank", ", ".join(looking.unknown))
    (folder / "out").write_bytes(made)
    return {}


def _filled(content: bytes, data: dict[str, Any], folder: Path, env: blanks.Plain) -> bytes:
    try:
        template = _Template(io.BytesIO(content))
        template.render_init()
        template.render(_with_pictures(data, template, folder), jinja_env=env, autoescape=True)
        out = io.BytesIO()
        template.save(out)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # python-docx, lxml and docxtpl have many errors; all mean the same here
        raise Refused("unreadable", str(error)) from error
    return _timeless(out.getvalue())


def _timeless(content: bytes) -> bytes:
    """The same parts without the moment of writing: the same data give the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()


def _with_pictures(value: Any, template: _Template, folder: Path) -> Any:
    """Plain data with pictures where `core.papers` put their names."""
    if isinstance(value, dict):
        if "picture" in value and set(value) == {"picture", "wide", "words"}:
            return InlineImage(template, str(folder / value["picture"]), width=Mm(value["wide"]))
        return {name: _with_pictures(part, template, folder) for name, part in value.items()}
    return [_with_pictures(part, template, folder) for part in value] if isinstance(value, list) else value
