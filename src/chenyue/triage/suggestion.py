"""What triage suggests for a text: values only. A person confirms; nothing here decides."""

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chenyue.places.gazetteer import PlaceHit


@dataclass(frozen=True, slots=True)
class CategoryGuess:
    """A category that may fit: confidence in 0–1 (calibrated), and the words that spoke for it."""

    code: str
    name: str
    confidence: float
    cues: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class RouteAway:
    """Another road that the resident is told in addition: a number or a legal path."""

    number: str
    sentence: str


@dataclass(frozen=True, slots=True)
class EmergencyCall:
    """Danger now: the words that show it, and the number to call first ("" if the unit itself comes)."""

    kind: str
    cue: str
    number: str
    sentence: str


@dataclass(frozen=True)
class Suggestion:
    """All that was read from one text. Empty lists and None mean: not said, or not found."""

    is_appeal: bool = True
    not_appeal_because: str = ""
    categories: list[CategoryGuess] = field(default_factory=list)
    further: list[CategoryGuess] = field(default_factory=list)  # other matters in the same words
    places: list["PlaceHit"] = field(default_factory=list)
    urgency: str = "normal"
    urgency_cue: str = ""
    handling: str = "direct"
    lead_id: int | None = None
    assist_ids: list[int] = field(default_factory=list)
    lead_code: str = ""
    assist_codes: list[str] = field(default_factory=list)
    needs_place: bool = False
    rule_id: int | None = None
    promises: tuple[str, str, str] = ("", "", "")
    reasons: list[str] = field(default_factory=list)
    routes_away: list[RouteAway] = field(default_factory=list)
    people: int | None = None
    homes: int | None = None
    emergency: EmergencyCall | None = None
    title: str = ""
    happened: str = ""  # ISO 8601, when it happened as told
    happened_words: str = ""
    lasting_hours: float | None = None
    lasting_words: str = ""
    taught: bool = False  # whether people's confirmations had a say

    @property
    def category(self) -> CategoryGuess | None:
        """The first guess."""
        return self.categories[0] if self.categories else None

    @property
    def place(self) -> "PlaceHit | None":
        """The first place found."""
        return self.places[0] if self.places else None

    def to_json(self) -> dict[str, Any]:
        """A value for a JSON column: what was suggested, to compare with what is chosen later."""
        found = {name: getattr(self, name) for name in _PLAIN}
        found["promises"] = list(self.promises)
        for name in ("categories", "further", "routes_away"):
            found[name] = [_value(item) for item in getattr(self, name)]
        found["emergency"] = _value(self.emergency) if self.emergency else None
        found["places"] = [
            {
                "place_id": hit.place_id,
                "full_name": hit.full_name,
                "room": hit.room,
                "score": round(float(hit.score), 3),
                "matched_text": hit.matched_text,
            }
            for hit in self.places
        ]
        return found


_PLAIN = (
    "is_appeal", "not_appeal_because", "urgency", "urgency_cue", "handling", "lead_id", "assist_ids",
    "lead_code", "assist_codes", "needs_place", "rule_id", "reasons", "people", "homes", "title",
    "happened", "happened_words", "lasting_hours", "lasting_words", "taught",
)  # fmt: skip


def _value(item: CategoryGuess | RouteAway | EmergencyCall) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(item).items()}
