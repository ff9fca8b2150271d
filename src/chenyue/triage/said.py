"""Our own sentences of how people say it, by category of the starter catalogue: text that the first guess rests on."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def said() -> dict[tuple[str, str], tuple[str, ...]]:
    """Sentences by code and name; they hold only where an office's row has both."""
    found: dict[tuple[str, str], list[str]] = {}
    key = ("", "")
    for path in sorted(DATA.glob("said-*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                code, _bracket, name = line[1:].partition("]")
                key = (code, name.strip())
            elif line and not line.startswith("#"):
                found.setdefault(key, []).extend(part for part in line.split("|") if part)
    return {key: tuple(texts) for key, texts in found.items()}


@cache
def listed(name: str) -> tuple[str, ...]:
    """Our own `calls` in distress or `calm` sentences, for the second ear."""
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
