"""Invented sub-districts of any size, for tests and benchmarks. The same seed gives the same one."""

import random

from chenyue.stewards.solving.problem import Building, Problem, Steward

SOUTH, WEST = 32.60, 120.06
ROW, COLUMN = 0.0004, 0.0006  # degrees between two buildings


def office(buildings: int = 200, stewards: int = 80, *, seed: int = 1, even: bool = False) -> Problem:
    """Estates of 12 buildings in rows, with homes, elderly people alone and dialects; each steward lives in one.

    Today's assignment is what grows by itself: people took what was near, and some took more than others. `even`
    false leaves it so.
    """
    rng = random.Random(seed)
    rows = [_building(n, rng) for n in range(1, buildings + 1)]
    people = []
    for n in range(1, stewards + 1):
        home = rows[rng.randrange(buildings)] if n > buildings else rows[(n - 1) * buildings // stewards]
        dialects = frozenset({home.dialect} if home.dialect and rng.random() < 0.8 else ())
        share = 50 if n % 10 == 0 else 100
        people.append(Steward(n, home.id, home.lat, home.lon, dialects, share=share))
    return Problem(tuple(rows), tuple(people), _grown(rows, people, rng))


def _building(n: int, rng: random.Random) -> Building:
    estate, place = divmod(n - 1, 12)
    lat = SOUTH + (estate // 5) * ROW * 6 + (place // 4) * ROW
    lon = WEST + (estate % 5) * COLUMN * 6 + (place % 4) * COLUMN
    homes = rng.choice([24, 30, 36, 36, 36, 48])
    load = homes + 2 * rng.randint(0, 6) + 2 * rng.randint(0, 2) - 0.5 * rng.randint(0, 8)
    return Building(n, load, lat, lon, estate, "溧阳话" if estate % 4 == 3 else "")


def _grown(rows: list[Building], people: list[Steward], rng: random.Random) -> dict[int, int]:
    """The nearest of a few who happened to be asked."""
    probe = Problem(tuple(rows), tuple(people))
    current = {}
    for b in rows:
        asked = sorted(rng.sample(people, min(len(people), 20)), key=lambda s: probe.metres(b.id, s.id) or 0)
        current[b.id] = rng.choice(asked[:2]).id
    return current
