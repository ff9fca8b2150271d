"""Files of other projects that ship with ours: which, from where, and proof that nobody changed them."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "static/core/vendor"
FONTS = Path(__file__).parent / "fonts"
LIST = "VENDOR.toml"


def entries(folder: Path | None = None) -> list[dict[str, Any]]:
    """The list of a folder: each with name, version, licence, source, file, sha256. By default of both folders."""
    folders = [folder] if folder else [FOLDER, FONTS]
    return [entry for one in folders for entry in tomllib.loads((one / LIST).read_text())["vendored"]]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def problems() -> Iterator[str]:
    """One sentence for each file that is missing, changed, or not on the list."""
    for folder in (FOLDER, FONTS):
        yield from _problems(folder)


def _problems(folder: Path) -> Iterator[str]:
    listed = {LIST}
    for entry in entries(folder):
        path = folder / entry["file"]
        listed.add(entry["file"])
        if not path.exists():
            yield f"{entry['file']} is on the list but not in the folder."
        elif sha256(path) != entry["sha256"]:
            yield f"{entry['file']} is not the file that was vendored ({entry['name']} {entry['version']})."
    for path in sorted(folder.iterdir()):
        if path.name not in listed:
            yield f"{path.name} is in the folder but not on the list."


def sprite(folder: Path, names: list[str]) -> str:
    """One SVG with a symbol per icon, from the outline icons of an unpacked `@tabler/icons`."""
    symbols = []
    for name in sorted(names):
        inner = (folder / f"{name}.svg").read_text()
        paths = re.findall(r"<(?:path|circle|rect|line|polyline)[^>]*?/>", inner, re.S)
        body = "".join(re.sub(r"\s+", " ", p) for p in paths if 'stroke="none"' not in p)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def icon_names() -> frozenset[str]:
    """The icons that `{% icon %}` can show."""
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', (FOLDER / "icons.svg").read_text()))
