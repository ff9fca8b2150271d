"""The budgets of the design, and the verdict on a run."""

from dataclasses import dataclass
from typing import Any

GROWTH = 1.25  # a page at a million cases may cost so many times what it costs at a hundred thousand
MEMORY_MB, START_S, RESIDENT_KB, STAFF_KB = 300, 3.0, 60, 120
# Of understanding, in ms CPU of one core: `suggest` alone, and with similar open cases; training on 10,000 texts.
UNDERSTANDING = {
    "suggest_p50": ("suggest, warm", "p50 ms", 3),
    "suggest_p95": ("suggest, warm", "p95 ms", 10),
    "similar_p50": ("suggest with similar cases", "p50 ms", 30),
    "similar_p95": ("suggest with similar cases", "p95 ms", 30),
    "train_s": ("training on 10,000 texts", "seconds", 60),
    "train_mb": ("training on 10,000 texts", "memory MB", 1024),
}


@dataclass(frozen=True)
class Budget:
    """What one kind of page may cost: statements, CPU and p95 in ms, and the share of a bare view's requests/s."""

    name: str
    sql: int
    cpu: float
    p95: float
    ratio: float | None = None
    bare: str = ""


BUDGETS = {
    "file": Budget("file an appeal by the portal", 16, 8, 60, 1 / 6, "bare-insert"),
    "list": Budget("staff list, 50 rows", 8, 10, 60, 1 / 3, "bare-list"),
    "case": Budget("case page, 50 timeline entries", 14, 12, 80),
    "dispatch": Budget("move: dispatch", 14, 8, 60, 1 / 6, "bare-insert"),
    "accept": Budget("move: accept", 14, 8, 60, 1 / 6, "bare-insert"),
    "answer": Budget("move: answer", 14, 8, 60, 1 / 6, "bare-insert"),
    "search": Budget("search", 4, 15, 100),
    "progress": Budget("resident's progress page", 6, 5, 40),
}


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its budget."""

    what: str
    name: str
    value: float
    most: float
    at_least: bool = False

    @property
    def kept(self) -> bool:
        return self.value >= self.most if self.at_least else self.value <= self.most

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "pass" if self.kept else "FAIL"
        return f"{verdict}  {self.what:32} {self.name:12} {self.value:>8.3g} {sign} {self.most:.3g}"


def cpu_of(page: dict[str, Any]) -> float:
    """CPU ms of a request: with one client where that was measured (runs before it was know only eight)."""
    return float(page.get("cpu_alone_ms") or page["cpu_ms"])


def figures(result: dict[str, Any]) -> list[Figure]:
    """Every figure of a run that has a budget."""
    found = []
    for key, budget in BUDGETS.items():
        page = result["pages"].get(key)
        if page is None:
            continue
        found.append(Figure(budget.name, "SQL", page["sql"], budget.sql))
        if "cpu_ms" in page:
            found.append(Figure(budget.name, "CPU ms", cpu_of(page), budget.cpu))
            found.append(Figure(budget.name, "p95 ms", page["p95_ms"], budget.p95))
        if budget.ratio and "ratio" in page:
            found.append(Figure(budget.name, "ratio", page["ratio"], budget.ratio, at_least=True))
    if "memory_mb" in result:
        found.append(Figure("web and jobs", "memory MB", result["memory_mb"], MEMORY_MB))
        found.append(Figure("second start", "seconds", result["start_s"], START_S))
        found.append(Figure("first view, resident", "KB", result["first_view_kb"]["resident"], RESIDENT_KB))
        found.append(Figure("first view, staff", "KB", result["first_view_kb"]["staff"], STAFF_KB))
    for key, (what, name, most) in UNDERSTANDING.items():
        if key in result.get("understanding", {}):
            found.append(Figure(what, name, result["understanding"][key], most))
    return found


def growth(small: dict[str, Any], large: dict[str, Any]) -> list[Figure]:
    """How much more each page costs in the larger database; both runs are measured against their own bare views."""
    found = []
    for key, budget in BUDGETS.items():
        one, other = small["pages"].get(key, {}), large["pages"].get(key, {})
        both = "cpu_alone_ms" if one.get("cpu_alone_ms") and other.get("cpu_alone_ms") else "cpu_ms"
        if one.get(both) and other.get(both):
            found.append(Figure(budget.name, "growth", other[both] / one[both], GROWTH))
    return found
