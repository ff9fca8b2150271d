"""Emerging topics: which appeals of some weeks speak of the same thing, in which words. Pure; numpy, scipy and sklearn.

Runs in a job, never in the web process. Likeness is the cosine of TF-IDF weights over pairs and triples of characters
of title and beginning: no word list, no model, dialect and typos do little harm. A topic is a centre and those near it,
not a chain of neighbours: chains join everything in the end. Copies of one text count once and are named as a flood.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BEGINNING = 300  # characters of a text that are compared: people say what it is at the beginning
NEAR = 0.25  # cosine with the centre from which on an appeal belongs to it
ABSORB = 1.15  # times `near`: who is left over joins the nearest topic from there on
SAME = 0.40  # centres as near as that are one topic
FEWEST = 4  # different texts that make a topic
OWN_WORDS = 0.3  # share of the weight of words that no other text has
TITLE_WEIGHT = 2  # a title counts so many times
BLOCK = 200  # texts whose likeness to all others is held in memory at once
_NOISE = re.compile(r"[\s,，。.、;；:：!！?？\"'“”‘’()（）《》<>\[\]【】*#@&^%$~`|/\\_-]+")
_EMPTY = re.compile(
    "尊敬的|领导|您好|你好|请问|咨询|关于|反映|投诉|建议|举报|希望|相关部门|有关部门|谢谢|为什么|怎么|什么时候|能否|是否|"
    "可以|没有|我们|他们|你们|问题|一个|这个|严重|情况|现在|已经|进行|存在|解决|处理|要求|请求|导致|影响|"
    "多次|一直|至今|就是|不是|但是|因为|所以|如果|业主|居民|小区|市民|百姓|生活|政府|书记|市长|区长|县长"
)


@dataclass(frozen=True)
class Said:
    """An appeal as it is compared. `who`: a mark of the reporter, "" if anonymous."""

    id: int
    at: datetime
    title: str
    text: str
    who: str = ""


@dataclass
class Topic:
    """Appeals that speak of one thing, the most typical first."""

    ids: list[int]
    words: list[str]
    typical: list[str]  # titles, at most three, that differ
    size: int  # different texts
    copies: int  # further ones, word for word the same
    reporters: int
    first: datetime
    last: datetime
    recent: int = 0  # of the last stretch
    before: int = 0  # of the stretch before, as long
    tightness: float = 0.0  # mean cosine with the centre
    by_day: Counter[str] = field(default_factory=Counter)


def plain(words: str) -> str:
    """What is compared of some words: no marks, no courtesies, no empty words."""
    return _EMPTY.sub(" ", _NOISE.sub(" ", words.lower()))


def find(said: Sequence[Said], *, near: float = NEAR, fewest: int = FEWEST, most: int = 60) -> list[Topic]:
    """Topics, the largest first. Some seconds for five thousand appeals; nothing for fewer than `fewest` texts."""
    groups = _copies(said)
    different = [group[0] for group in groups]
    if len(different) < fewest:
        return []
    matrix = _weights(different)
    if matrix is None:
        return []
    found = []
    for centre, members in _clusters(matrix, near, fewest)[:most]:
        found.append(_topic(matrix, centre, members, groups))
    return sorted(found, key=lambda topic: (-topic.reporters, -topic.size, topic.first, topic.ids))


def _copies(said: Sequence[Said]) -> list[list[Said]]:
    """Texts that are word for word the same stand together, the first of them in front."""
    groups: dict[str, list[Said]] = {}
    for one in sorted(said, key=lambda one: (one.at, one.id)):
        groups.setdefault(_NOISE.sub("", (one.title + one.text).lower()), []).append(one)
    return list(groups.values())


def _weights(different: Sequence[Said]) -> Any:
    """TF-IDF rows of about unit length; None where no pair of characters is said twice."""
    import numpy as np
    from scipy.sparse import diags
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = [(plain(one.title) + " ") * TITLE_WEIGHT + plain(one.text[:BEGINNING]) for one in different]
    often = 0.2 if len(words) > 50 else 1.0
    maker = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), max_df=often, sublinear_tf=True, norm=None)
    try:
        whole = maker.fit_transform(words)
    except ValueError:  # nothing is left to compare
        return None
    # What only one text says tells nothing of likeness, but a text that says much else is less like another.
    shared = np.asarray((whole > 0).sum(axis=0)).ravel() > 1
    if not shared.any():
        return None
    square = whole.multiply(whole)
    mine, rest = (np.asarray(square[:, which].sum(axis=1)).ravel() for which in (shared, ~shared))
    length = np.sqrt(mine + OWN_WORDS * rest)
    length[length == 0] = 1
    return (diags(1 / length) @ whole[:, shared]).tocsr()


def _clusters(matrix: Any, near: float, fewest: int) -> list[tuple[Any, list[int]]]:
    """Centres with their members. Greedy: whoever has the most neighbours begins, then its centre is moved twice."""
    import numpy as np

    strong = _near_pairs(matrix, near)
    free = np.ones(matrix.shape[0], dtype=bool)
    degree = np.asarray((strong > 0).sum(axis=1)).ravel()
    found: list[tuple[Any, list[int]]] = []
    for seed in np.argsort(-degree, kind="stable"):
        if degree[seed] + 1 < fewest:
            break
        if not free[seed]:
            continue
        members = np.append(strong[seed].indices, seed)
        members = members[free[members]]
        for _turn in range(2):
            if len(members) < fewest:
                break
            centre = _centre(matrix, members)
            near_it = np.asarray((matrix @ centre.T).todense()).ravel()
            # A centre lies nearer to its members than they lie to each other.
            members = np.nonzero((near_it >= near * 1.35) & free)[0]
        if len(members) < fewest:
            continue
        free[members] = False
        found.append((_centre(matrix, members), list(map(int, members))))
    return _with_the_near(matrix, _joined(matrix, found), near)


def _near_pairs(matrix: Any, near: float) -> Any:
    """Who is near whom, themselves left out. Block by block: all likenesses at once would be hundreds of megabytes."""
    import numpy as np
    from scipy.sparse import coo_matrix, vstack

    turned, blocks = matrix.T.tocsr(), []
    for first in range(0, matrix.shape[0], BLOCK):
        like = (matrix[first : first + BLOCK] @ turned).tocoo()
        kept = np.nonzero((like.data >= near) & (like.row + first != like.col))[0]
        blocks.append(coo_matrix((like.data[kept], (like.row[kept], like.col[kept])), shape=like.shape))
    return vstack(blocks).tocsr()


def _with_the_near(matrix: Any, found: list[tuple[Any, list[int]]], near: float) -> list[tuple[Any, list[int]]]:
    """Who belongs to no topic joins the one whose centre is nearest, if that is near enough."""
    import numpy as np
    from scipy.sparse import vstack

    if not found:
        return []
    members = [list(several) for _centre, several in found]
    taken = {one for several in members for one in several}
    like = np.asarray((matrix @ vstack([centre for centre, _several in found]).T).todense())
    best = like.argmax(axis=1)
    for one in np.nonzero(like.max(axis=1) >= near * ABSORB)[0]:
        if int(one) not in taken:
            members[best[one]].append(int(one))
    return [(centre, sorted(several)) for (centre, _before), several in zip(found, members, strict=True)]


def _centre(matrix: Any, members: Any) -> Any:
    """The mean direction of some rows, of unit length, without its thousands of tiny weights."""
    import numpy as np
    from scipy.sparse import csr_matrix

    mean = np.asarray(matrix[members].mean(axis=0)).ravel()
    if len(mean) > 300:
        mean[mean < np.partition(mean, -300)[-300]] = 0
    length = float(np.sqrt((mean * mean).sum())) or 1.0
    return csr_matrix(mean / length)


def _joined(matrix: Any, found: list[tuple[Any, list[int]]]) -> list[tuple[Any, list[int]]]:
    """Topics whose centres are nearly one become one; the largest first."""
    left = sorted(found, key=lambda one: -len(one[1]))
    whole: list[tuple[Any, list[int]]] = []
    for centre, members in left:
        for n, (other, theirs) in enumerate(whole):
            if float((centre @ other.T).sum()) >= SAME:
                both = sorted(theirs + members)
                whole[n] = (_centre(matrix, both), both)
                break
        else:
            whole.append((centre, members))
    return sorted(whole, key=lambda one: -len(one[1]))


def _topic(matrix: Any, centre: Any, members: list[int], groups: list[list[Said]]) -> Topic:
    import numpy as np

    near = np.asarray((matrix[members] @ centre.T).todense()).ravel()
    order = [members[n] for n in np.argsort(-near, kind="stable")]
    everybody = [one for n in order for one in groups[n]]
    titles: list[str] = []
    for n in order:
        title = groups[n][0].title.strip() or groups[n][0].text.strip()[:40]
        if title and title not in titles:
            titles.append(title)
        if len(titles) == 3:
            break
    named = {one.who or f"anonymous {one.id}" for one in everybody}
    return Topic(
        ids=[one.id for one in everybody],
        words=telling([groups[n][0].title or groups[n][0].text[:40] for n in order]),
        typical=titles,
        size=len(members),
        copies=len(everybody) - len(members),
        reporters=len(named),
        first=min(one.at for one in everybody),
        last=max(one.at for one in everybody),
        tightness=round(float(near.mean()), 3),
    )


def telling(titles: Sequence[str], most: int = 4) -> list[str]:
    """The longest words that many of these titles share: what the topic is called."""
    counts: Counter[str] = Counter()
    for title in titles:
        seen = set()
        for part in re.split(r"\s+", plain(title)):
            seen |= {part[a:b] for a in range(len(part)) for b in range(a + 2, min(len(part), a + 12) + 1)}
        counts.update(seen)
    least = max(2, round(len(titles) * 0.25))
    shared = [(word, n) for word, n in counts.items() if n >= least]
    shared.sort(key=lambda one: (-one[1] * (len(one[0]) - 1), one[0]))
    found: list[str] = []
    for word, _n in shared:
        if not any(word in other or other in word or _overlap(word, other) for other in found):
            found.append(word)
        if len(found) == most:
            break
    return found


def _overlap(one: str, other: str) -> bool:
    """Whether the end of one is the beginning of the other: two cuts of one longer word."""
    return any(one[-n:] == other[:n] or other[-n:] == one[:n] for n in range(2, min(len(one), len(other))))
