"""How quickly words are understood: `triage.suggest`, similar open cases beside it, and training the learner.

Times are CPU of one core, so that a busy machine makes them no longer than they are. The texts are appeals of the
database, which are like real ones in length; the learner trains in a process of its own, whose memory is read.
"""

import json
import random
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TEXTS, WARM, TRAINED, TESTED = 400, 40, 10_000, 1000


def measure() -> dict[str, float]:
    """All figures, of the database that is connected."""
    from django.utils import timezone

    from chenyue import triage
    from chenyue.cases import similar

    asked, at = appeals(), timezone.now()

    def suggest(words: str, place: int | None) -> Any:
        return triage.suggest(words, place, at)

    def both(words: str, place: int | None) -> None:
        found = suggest(words, place)
        where = place or (found.place.place_id if found.place else None)
        code = found.category.code if found.category else None
        similar.similar(words, place_id=where, category_code=code, at=at)

    alone, together = spent(suggest, asked), spent(both, asked)
    figures = {"suggest_p50": share(alone, 0.5), "suggest_p95": share(alone, 0.95)}
    figures |= {"similar_p50": share(together, 0.5), "similar_p95": share(together, 0.95)}
    return figures | trained()


def appeals() -> list[tuple[str, int | None]]:
    """Words and places of appeals from all over the database, the newest among them."""
    from chenyue.cases.models import Appeal

    last = Appeal.objects.order_by("-pk").values_list("pk", flat=True)[0]
    wanted = [*random.Random(4).sample(range(1, last + 1), min(TEXTS, last)), *range(max(1, last - 50), last + 1)]
    rows = Appeal.objects.filter(pk__in=wanted).values_list("words", "place_id")
    return [(words, place) for words, place in rows if words]


def spent(act: Callable[[str, int | None], Any], asked: Sequence[tuple[str, int | None]]) -> list[float]:
    """CPU ms of each call, after some that warm up."""
    for words, place in asked[:WARM]:
        act(words, place)
    times = []
    for words, place in asked:
        began = time.process_time()
        act(words, place)
        times.append((time.process_time() - began) * 1000)
    return times


def share(times: list[float], part: float) -> float:
    return round(sorted(times)[int((len(times) - 1) * part)], 2)


def trained() -> dict[str, float]:
    """Train in a process of its own; seconds of CPU, megabytes at the most, texts a second that it reads then."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.understanding"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    found: dict[str, float] = json.loads(said.strip().splitlines()[-1])
    return found


def train() -> dict[str, float]:
    """In this process: fit on so many texts of our own sentences, then read some."""
    import resource

    from chenyue.triage import training

    texts, labels = sentences(TRAINED + TESTED)
    began = time.process_time()
    learned = training.packed(training.fit(texts[:TRAINED], labels[:TRAINED]), dict(Counter(labels[:TRAINED])))
    seconds = time.process_time() - began
    began = time.process_time()
    for text in texts[TRAINED:]:
        learned.margins(text)
    reading = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"train_s": round(seconds, 2), "train_mb": round(peak, 1), "texts_per_s": round(TESTED / reading, 1)}


def sentences(count: int) -> tuple[list[str], list[str]]:
    """Texts put together from the demonstration's sentences, with the category of the first."""
    dice = random.Random(8)
    matters = tomllib.loads((ROOT / "src/chenyue/demo/data/matters.toml").read_text("utf-8"))["matter"]
    others = [words for matter in matters for words in matter["words"]]
    texts, labels = [], []
    for number in range(count):
        matter = dice.choice(matters)
        place = f"{dice.choice('金银桂兰竹松')}{dice.choice('苑园里庭')}{number % 97}幢"
        said = [dice.choice(matter["words"]), *dice.sample(others, dice.choice((0, 1, 2, 4)))]
        texts.append("".join(said).replace("{p}", place))
        labels.append(matter["code"])
    return texts, labels


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    import django

    django.setup()
    print(json.dumps(train()))
