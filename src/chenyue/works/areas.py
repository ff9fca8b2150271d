"""Areas as people write them and as the product counts them: integers in hundredths of a square metre. Pure."""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal

HUNDREDTH = Decimal("0.01")
LARGEST = 100_000_00  # of one part: ten hectares are mistyped
UNITS = ("平方米", "平米", "平", "m2", "㎡")  # as NFKC leaves them: ㎡ becomes m2
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,20})?")
NOISE = Decimal("0.0001")  # what a spreadsheet's floats leave behind


def read(written: str) -> int:
    """`89.32`, `89.32㎡` or `１，０８９.5 平方米` in 0.01 m². Raises Refusal (field `area`).

    More than two decimals are refused, not rounded: the register has two, and sums must come out even.
    """
    return _read(written, LARGEST)


def read_total(written: str) -> int:
    """The same for a stated total of an estate, which may be larger; 0 for an empty text."""
    return _read(written, LARGEST * 1000) if written.strip() else 0


def _read(written: str, largest: int) -> int:
    plain = unicodedata.normalize("NFKC", written).replace(",", "").strip()
    plain = next((plain[: -len(unit)].strip() for unit in UNITS if plain.lower().endswith(unit)), plain)
    value = Decimal(plain) if _NUMBER.fullmatch(plain) else Decimal(0)
    if value <= NOISE:
        raise Refusal(_("“%(text)s” isn't an area in square metres.") % {"text": written[:20]}, field="area")
    if value * 100 > largest:
        raise Refusal(_("An area of %(text)s m² is mistyped.") % {"text": plain[:20]}, field="area")
    rounded = value.quantize(HUNDREDTH)
    if abs(value - rounded) > NOISE:
        raise Refusal(_("“%(text)s”: write an area with two decimals at most.") % {"text": written[:20]}, field="area")
    return int(rounded * 100)


def words(area: int) -> str:
    """`8932` as `89.32`, `8000` as `80`: square metres without needless zeros."""
    whole, rest = divmod(area, 100)
    return f"{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")
