"""docs/asvs.md names every requirement of levels 1 and 2 once, and files that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
# Chapter.section: the last number of it, less those of level 3 (ASVS 5.0.0, May 2025).
LEVEL_1_2 = {
    "1.1": {1, 2}, "1.2": set(range(1, 10)), "1.3": set(range(1, 12)), "1.4": {1, 2, 3}, "1.5": {1, 2},
    "2.1": {1, 2, 3}, "2.2": {1, 2, 3}, "2.3": {1, 2, 3, 4}, "2.4": {1},
    "3.2": {1, 2}, "3.3": {1, 2, 3, 4}, "3.4": set(range(1, 7)), "3.5": {1, 2, 3, 4, 5}, "3.7": {1, 2},
    "4.1": {1, 2, 3}, "4.2": {1}, "4.3": {1, 2}, "4.4": {1, 2, 3, 4},
    "5.1": {1}, "5.2": {1, 2, 3}, "5.3": {1, 2}, "5.4": {1, 2, 3},
    "6.1": {1, 2, 3}, "6.2": set(range(1, 13)), "6.3": {1, 2, 3, 4}, "6.4": {1, 2, 3, 4}, "6.5": {1, 2, 3, 4, 5},
    "6.6": {1, 2, 3}, "6.8": {1, 2, 3, 4},
    "7.1": {1, 2, 3}, "7.2": {1, 2, 3, 4}, "7.3": {1, 2}, "7.4": {1, 2, 3, 4, 5}, "7.5": {1, 2}, "7.6": {1, 2},
    "8.1": {1, 2}, "8.2": {1, 2, 3}, "8.3": {1}, "8.4": {1},
    "9.1": {1, 2, 3}, "9.2": {1, 2, 3, 4},
    "11.1": {1, 2}, "11.2": {1, 2, 3}, "11.3": {1, 2, 3}, "11.4": {1, 2, 3, 4}, "11.5": {1}, "11.6": {1},
    "12.1": {1, 2, 3}, "12.2": {1, 2}, "12.3": {1, 2, 3, 4},
    "13.1": {1}, "13.2": {1, 2, 3, 4, 5}, "13.3": {1, 2}, "13.4": {1, 2, 3, 4, 5},
    "14.1": {1, 2}, "14.2": {1, 2, 3, 4}, "14.3": {1, 2, 3},
    "15.1": {1, 2, 3}, "15.2": {1, 2, 3}, "15.3": set(range(1, 8)),
    "16.1": {1}, "16.2": {1, 2, 3, 4, 5}, "16.3": {1, 2, 3, 4}, "16.4": {1, 2, 3}, "16.5": {1, 2, 3},
}  # fmt: skip
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (✓|◐|✗|–) \| (.{2,}) \|$", re.MULTILINE)
RANGE = re.compile(r"^\| (\d+)\.\d+\.\d+–\1\.\d+\.\d+ \| – \|", re.MULTILINE)
PATH = re.compile(r"`([a-z_][\w./-]*(?:/[\w.-]+|\.(?:py|md|toml|conf)))`")


def test_every_item_stands_there_once() -> None:
    wanted = [f"{section}.{number}" for section, numbers in LEVEL_1_2.items() for number in sorted(numbers)]
    assert [item for item, _state, _words in ROW.findall(PAGE)] == wanted
    assert RANGE.findall(PAGE) == ["10", "17"]


def test_every_file_that_is_named_is_there() -> None:
    named = {path for path in PATH.findall(PAGE) if "*" not in path}
    assert len(named) > 60
    absent = {path for path in named if not (ROOT / path).exists() and not (ROOT / "src" / "chenyue" / path).exists()}
    assert not absent
