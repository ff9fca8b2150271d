"""Figures put into sentences, by templates that are data (`data/brief_words.json`). Pure.

A share of few cases is told as a count and held against nothing. Where the definition changed, that is said instead of
a difference. A difference that chance alone would make as large one time in twenty is said to lie within the usual.
"""

import json
import math
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "brief_words.json").read_text(encoding="utf-8")
)
LEVEL = 1.96  # standard errors: beyond them chance brings it one time in twenty
LEAST_SHARE = 30  # cases before on which a change in per cent says something
LISTED = 5
BOTH = ("before", "year")
HARDLY = 0.5  # expected cases below which nobody would notice one missing
Frozen = dict[str, Any]
Line = tuple[str, str]


def sentences(figures: Frozen, kind: str, last: date) -> list[Line]:
    """Key and text of each sentence, in the order of their sections. `last`: the last day told of."""
    told = _Told(figures, kind, last)
    parts = {
        "overview": told.overview, "rates": told.rates, "reception": told.reception, "found": told.found,
        "notes": told.notes,
    }  # fmt: skip
    found: list[Line] = []
    for section in WORDS["order"][kind]:
        found += parts[section]()
    return found


def section_of(key: str) -> str:
    """The section that a sentence stands in."""
    return key.partition(".")[0]


def moment(text: str) -> str:
    """`2026-11-24T08:40+08:00` → `11月24日 08:40`."""
    at = datetime.fromisoformat(text)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def usual(now: int, then: int) -> bool:
    """Whether two counts differ by no more than chance makes them (of independent cases, as Poisson has it)."""
    return abs(now - then) <= LEVEL * math.sqrt(now + then)


def usual_share(now: Frozen, then: Frozen) -> bool:
    """Whether two shares differ by no more than chance makes them (both shares pooled)."""
    whole, other = now["denominator"], then["denominator"]
    pooled = (now["numerator"] + then["numerator"]) / (whole + other)
    error = math.sqrt(max(0.0, pooled * (1 - pooled)) * (1 / whole + 1 / other))
    return bool(abs(now["numerator"] / whole - then["numerator"] / other) <= LEVEL * error)


class _Told:
    def __init__(self, figures: Frozen, kind: str, last: date) -> None:
        self.figures, self.kind, self.last = figures, kind, last
        self.names: dict[str, str] = WORDS["names"][kind]
        received = figures["counts"]["received"]
        self.others = [] if figures["partial"] else [one for one in BOTH if received[one] is not None]

    def say(self, key: str, /, **blanks: Any) -> str:
        return str(WORDS["sentences"][key].format(now=self.names["now"], **blanks))

    def overview(self) -> list[Line]:
        counts = self.figures["counts"]
        blanks = {name: counts[name]["now"] for name in counts} | {"as_of": moment(self.figures["as_of"])}
        if self.figures["partial"]:
            received, done = "overview.received.partial", "overview.done.partial"
        else:
            alone = "" if self.others else ".alone"
            received = f"overview.received{alone}" if counts["received"]["now"] else "overview.received.nothing"
            done = f"overview.done{alone}"
        found = [
            ("overview.received", self.say(received, against=self._counts("received"), **blanks)),
            ("overview.done", self.say(done, against=self._counts("overdue"), end=self._end(), **blanks)),
        ]
        categories = [WORDS["category"].format(name=name, n=n) for name, n, _before in self.figures["categories"]]
        if categories:
            listed = WORDS["joins"]["list"].join(categories[:LISTED])
            found.append(("overview.categories", self.say("overview.categories", listed=listed)))
        return found

    def _end(self) -> str:
        return f"到{self.last.month}月{self.last.day}日底"

    def _counts(self, name: str) -> str:
        row = self.figures["counts"][name]
        return self._against([self._count(row["now"], row[which], which, "件") for which in self.others])

    def _against(self, several: list[str]) -> str:
        return str(WORDS["joins"]["against"].join(several))

    def _count(self, now: int, then: int | None, which: str, unit: str) -> str:
        words, when = WORDS["against"], self.names[which]
        if then is None:
            return str(words["nothing"].format(when=when))
        if now == then:
            return str(words["same"].format(when=when))
        said = words["more" if now > then else "fewer"].format(when=when, n=abs(now - then), unit=unit)
        if then >= LEAST_SHARE:
            said += words["share"].format(share=round(100 * abs(now - then) / then))
        return str(said + (words["within"] if usual(now, then) else ""))

    def rates(self) -> list[Line]:
        rates = self.figures["rates"]
        return [(f"rates.{code}", self._rate(rates[code])) for code in WORDS["rates"][self.kind] if code in rates]

    def _rate(self, rate: Frozen) -> str:
        blanks = {name: rate[name] for name in ("name", "numerator", "denominator", "value")}
        if rate["value"] is None:
            return self.say("rates.one.nothing", **blanks)
        if rate["small"]:
            said = self.say("rates.one.small", **blanks)
        elif not self.others:
            said = self.say("rates.one.alone", **blanks)
        else:
            against = self._against([self._share(rate, rate[which], which) for which in self.others])
            said = self.say("rates.one", against=against, **blanks)
        if rate["mixed"]:
            said += self.say("rates.mixed", version=rate["version"])
        if rate["left_out"]:
            said += self.say("rates.left_out", left_out=rate["left_out"])
        return said

    def _share(self, now: Frozen, then: Frozen | None, which: str) -> str:
        words, when = WORDS["against"], self.names[which]
        if then is None or then["value"] is None:
            return str(words["nothing"].format(when=when))
        if then["version"] != now["version"]:
            return str(words["rule"].format(when=when, old=then["version"], version=now["version"]))
        if then["small"]:
            return str(words["few"].format(when=when))
        change = Decimal(now["value"]) - Decimal(then["value"])
        if not change:
            return str(words["even"].format(when=when))
        said = str(words["up" if change > 0 else "down"].format(when=when, n=abs(change)))
        return said + (words["within"] if usual_share(now, then) else "")

    def reception(self) -> list[Line]:
        room = self.figures["reception"]
        if room is None:
            return []
        return list(self._room(room))

    def _room(self, room: Frozen) -> Iterator[Line]:
        if not room["sittings"]:
            yield "reception.room", self.say("reception.room.nothing")
        else:
            before, year = room["before"], room["year"]
            against = [self._people(room, before, "room_before")] if before else []
            against += [self._people(room, year, "year")] if year else []
            key = "reception.room" if against else "reception.room.alone"
            yield "reception.room", self.say(key, against=self._against(against), **_numbers(room))
            if room["wait_median"] is not None:
                blanks = {name: room[f"wait_{name}"] for name in ("median", "p80", "longest")}
                yield "reception.wait", self.say("reception.wait", against=self._wait(room, before), **blanks)
            if room["told"]:
                yield "reception.promised", self.say("reception.promised", **_numbers(room))
            if room["matters"]:
                yield "reception.matters", self.say("reception.matters", **_numbers(room))
        for name in ("unheard", "left", "open", "cancelled"):
            if room[name]:
                yield f"reception.{name}", self.say(f"reception.{name}", **_numbers(room))

    def _people(self, room: Frozen, then: Frozen, which: str) -> str:
        return self._count(room["heard"], then["heard"], which, "位")

    def _wait(self, room: Frozen, before: Frozen | None) -> str:
        if before is None or before["wait_median"] is None:
            return ""
        change = room["wait_median"] - before["wait_median"]
        key = "longer" if change > 0 else "shorter" if change < 0 else "same"
        return self.say(f"reception.wait.{key}", when=self.names["room_before"], n=abs(change))

    def found(self) -> list[Line]:
        found, join = self.figures["found"], WORDS["joins"]["list"].join
        lines: list[Line] = []
        if found["spots"]:
            names = ("place", "category", "n", "expected", "days")
            rows = [dict(zip(names, row, strict=True)) for row in found["spots"]]
            spots = [self.say("found.spot", **row | {"expected": self._expected(row["expected"])}) for row in rows]
            lines.append(("found.spots", self.say("found.spots", listed=join(spots))))
        if found["topics"]:
            topics = [self.say("found.topic", words=words, n=n, days=days) for words, n, days in found["topics"]]
            lines.append(("found.topics", self.say("found.topics", listed=join(topics))))
        if found["doors"]:
            lines.append(("found.doors", self.say("found.doors", doors=found["doors"])))
        return lines or [("found.nothing", self.say("found.nothing"))]

    def _expected(self, n: float) -> str:
        return self.say("found.hardly") if n < HARDLY else self.say("found.expected", n=f"{n:g}")

    def notes(self) -> list[Line]:
        silent = [date.fromisoformat(day) for day, _received, silent in self.figures["days"] if silent]
        lines: list[Line] = []
        if silent:
            listed = WORDS["joins"]["list"].join(f"{day.month}月{day.day}日" for day in silent)
            lines.append(("notes.outage", self.say("notes.outage", listed=listed)))
        told = [self.figures["rates"].get(code) for code in WORDS["rates"][self.kind]]
        if any(rate and rate["small"] and rate["value"] is not None for rate in told):
            lines.append(("notes.small", self.say("notes.small")))
        for which in [] if self.figures["partial"] else [one for one in BOTH if one not in self.others]:
            lines.append((f"notes.no_{which}", self.say(f"notes.no_{which}", when=self.names[which])))
        lines.append(("notes.private", self.say("notes.private")))
        return [*lines, ("notes.as_of", self.say("notes.as_of", as_of=moment(self.figures["as_of"])))]


def _numbers(room: Frozen) -> dict[str, int]:
    return {name: value for name, value in room.items() if isinstance(value, int)}
