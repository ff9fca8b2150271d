"""The words on the screens: found in code and templates, kept in one catalogue per package.

Source strings are English; `locale/zh_Hans` is written by people, `locale/zh_Hant` is derived from it
by OpenCC. Only compiling is needed at run time, so Babel is imported where words are looked for.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import polib

SRC = Path(__file__).resolve().parents[1]
WRITTEN, DERIVED = "zh_Hans", "zh_Hant"
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
KEYWORDS = {
    "_": None,
    "_now": None,  # where `_` is a sentence that is said later
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_BLANKS = re.compile(r"%\(\w+\)[sdf]|%[sd](?!\w)|\{\w*\}")

Key = tuple[str, str]  # context, msgid


def packages() -> list[str]:
    """The packages that may have words, in alphabetical order. `config` has its words in `core`."""
    return sorted(p.parent.name for p in SRC.glob("*/__init__.py") if p.parent.name != "config")


def po_path(package: str, language: str = WRITTEN) -> Path:
    """Where the catalogue of a package is kept."""
    return SRC / package / "locale" / language / "LC_MESSAGES" / "django.po"


def found(package: str) -> dict[Key, str]:
    """Words that the code and templates of a package use: (context, msgid) → plural form or ''."""
    words: dict[Key, str] = {}
    folders = [SRC / package] + ([SRC / "config"] if package == "core" else [])
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                words.update(_in_python(path.read_bytes()))
        for path in sorted((folder / "templates").rglob("*")):
            if path.suffix in {".html", ".txt", ".svg"}:
                words.update(_in_template(path))
    return words


def _in_python(source: bytes) -> dict[Key, str]:
    from io import BytesIO

    from babel.messages.extract import extract

    words: dict[Key, str] = {}
    for _line, message, _comments, context in extract("python", BytesIO(source), keywords=KEYWORDS):
        parts = message if isinstance(message, tuple) else (message,)
        if parts[0]:
            words[(context or "", parts[0])] = parts[1] if len(parts) > 1 else ""
    return words


def _in_template(path: Path) -> dict[Key, str]:
    from django.utils.translation.template import templatize

    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # What is left of the page is filler; without its indentation it passes for Python.
    return _in_python("\n".join(line.strip() for line in code.splitlines()).encode())


def load(package: str, language: str = WRITTEN) -> polib.POFile:
    """The catalogue of a package; an empty one where there is none yet."""
    path = po_path(package, language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = HEADER | {"Language": language}
    return catalogue


def save(catalogue: polib.POFile, path: Path) -> None:
    """Write a catalogue in a fixed order, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    catalogue.save(str(temporary))
    os.replace(temporary, path)


def update(package: str, *, prune: bool = False) -> tuple[int, int]:
    """Add words that are missing, set aside those no longer used. Returns how many of each.

    What is set aside (`#~`) comes back with its translation when it's used again; `prune` drops it.
    """
    used = found(package)
    catalogue = load(package)
    by_key = {(e.msgctxt or "", e.msgid): e for e in catalogue}
    added = gone = 0
    for key, plural in used.items():
        entry = by_key.get(key)
        if entry is None:
            entry = polib.POEntry(msgid=key[1], msgctxt=key[0] or None)
            catalogue.append(entry)
            added += 1
        elif entry.obsolete:
            entry.obsolete = False
        if plural and not entry.msgid_plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = {0: entry.msgstr}
    for key, entry in by_key.items():
        if key not in used and not entry.obsolete:
            entry.obsolete = True
            gone += 1
    if prune:
        for entry in catalogue.obsolete_entries():
            catalogue.remove(entry)
    if len(catalogue):
        save(catalogue, po_path(package))
    return added, gone


def faults(package: str) -> Iterator[str]:
    """What is wrong with a package's catalogue, one sentence each."""
    used = found(package)
    entries = {(e.msgctxt or "", e.msgid): e for e in load(package)}
    for key in used:
        entry = entries.get(key)
        if entry is None or entry.obsolete:
            yield f"{package}: missing: {key[1]!r}"
    for key, entry in entries.items():
        if entry.obsolete or key not in used:
            yield f"{package}: no longer used: {key[1]!r}"
        elif entry.fuzzy:
            yield f"{package}: fuzzy: {key[1]!r}"
        elif not _said(entry):
            yield f"{package}: not translated: {key[1]!r}"
        elif bool(used[key]) != bool(entry.msgid_plural):
            yield f"{package}: singular and plural don't fit: {key[1]!r}"
        else:
            asked = set(_BLANKS.findall(entry.msgid)) | set(_BLANKS.findall(entry.msgid_plural or ""))
            if asked != set(_BLANKS.findall(_said(entry))):
                yield f"{package}: blanks differ: {key[1]!r} → {_said(entry)!r}"


def _said(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def conflicts() -> Iterator[str]:
    """Words that two packages translate differently: the reader would see whichever comes first."""
    seen: dict[Key, tuple[str, str]] = {}
    for package in packages():
        for entry in load(package):
            key, said = (entry.msgctxt or "", entry.msgid), _said(entry)
            if entry.obsolete or not said:
                continue
            other = seen.setdefault(key, (package, said))
            if other[1] != said:
                yield f"{key[1]!r} is {other[1]!r} in {other[0]} and {said!r} in {package}"


def derived(package: str) -> polib.POFile:
    """The traditional catalogue of a package, as OpenCC makes it from the simplified one."""
    import opencc

    convert = opencc.OpenCC("s2twp").convert
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = HEADER | {"Language": DERIVED}
    for entry in load(package):
        if entry.obsolete:
            continue
        catalogue.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgctxt=entry.msgctxt,
                msgid_plural=entry.msgid_plural,
                msgstr="" if entry.msgid_plural else convert(entry.msgstr),
                msgstr_plural={0: convert(_said(entry))} if entry.msgid_plural else {},
            )
        )
    return catalogue


def compile_all() -> int:
    """Compile each catalogue that is newer than its compiled form; returns how many."""
    done = 0
    for path in sorted(SRC.glob("*/locale/*/LC_MESSAGES/django.po")):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        temporary = compiled.with_suffix(f".{os.getpid()}.tmp")
        polib.pofile(str(path)).save_as_mofile(str(temporary))
        os.replace(temporary, compiled)
        done += 1
    return done
