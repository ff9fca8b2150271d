"""Registers the texts that come with the product (`data/texts.json`)."""

import json
from pathlib import Path

from chenyue.notify import texts

for _row in json.loads((Path(__file__).parent / "data" / "texts.json").read_text(encoding="utf-8")):
    texts.register(**_row)
