"""A number that somebody sends is read in one way: `isdigit` is true of ², and of more figures than `int` takes."""

import re

from chenyue.core.ids import whole
from house import tree

GUARDED = re.compile(r"\bint\(.*\.is(?:digit|decimal|numeric)\(\)|\.is(?:digit|decimal|numeric)\(\).*\bint\(")
FEW, PLAIN = re.compile(r"\blen\(|\[:\d+\]"), re.compile(r"isascii\(\)|isdecimal\(\)")
# What holds the text to a few figures by itself.
ELSEWHERE = {
    "src/chenyue/places/searching.py": "figures of a name that stands in the office's own table",
    "src/chenyue/gateway/chat/whereabouts.py": "one figure, found by a pattern",
    "src/chenyue/gateway/chat/naming.py": "one figure, found by a pattern",
    "src/chenyue/gateway/wecom/sending.py": "an address that the outbox itself wrote",
    "src/chenyue/gateway/wecom/views.py": "the length that the server has read already",
    "src/chenyue/gateway/wecom/api.py": "the number of an app, typed in the set-up and checked there",
    "src/chenyue/core/server.py": "bytes, which uvicorn has read as a length",
    "src/chenyue/stewards/management/commands/plan_stewards.py": "typed at a terminal",
    "src/chenyue/volunteering/claiming.py": "a mark that this product wrote",
    "src/chenyue/insight/counting.py": "a subject that this product wrote",
    "src/chenyue/desk/deliveries.py": "addresses that the outbox itself wrote",
    "src/chenyue/mediation/forms_calculators.py": "a row that the calculator itself named",
    "src/chenyue/people/factors.py": "six figures, as the form holds them",
    "src/chenyue/people/phone_codes.py": "one figure at a time, decimal in any script",
    "src/chenyue/core/proof_of_work.py": "a hundred characters at most",
}


def test_what_is_no_plain_number_is_none() -> None:
    assert [whole(typed, 0) for typed in ("12", "²", "٣", "9" * 5000, "-1", "", None, "1.5")] == [
        12,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]
    assert whole("x", None) is None


def test_numbers_are_read_by_whole_or_within_bounds() -> None:
    found = [
        f"{tree.shown(path)}: {line.strip()}"
        for path in tree.with_suffix(".py", under=tree.SRC)
        if tree.shown(path) not in ELSEWHERE
        for line in path.read_text("utf-8").splitlines()
        if GUARDED.search(line) and not (FEW.search(line) and PLAIN.search(line))
    ]
    assert found == []
