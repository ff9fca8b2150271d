"""PDF by typst: from a template of ours, plain data, and the fonts that ship with the product.

Data come as JSON and are shown as text: nothing that a person typed is read as markup. Templates never call
`eval`; a rule of the house looks. The folder is the root beyond which a template reads nothing.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import typst

from chenyue.core.press import glyphs

_PAGE = re.compile(rb"/Type\s*/Page\b")


@cache
def _fonts(folder: Path) -> Any:
    """The fonts that ship, read once for all papers of a process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def make(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Typeset `main.typ` of the folder with `data.json` into `out`; says the pages and what couldn't be drawn."""
    fonts = Path(job["fonts"])
    data = json.loads((folder / "data.json").read_text(encoding="utf-8"))
    lacking = glyphs.missing(glyphs.strings(data), glyphs.of_folder(fonts))
    if lacking:
        data = glyphs.with_holes(data, frozenset(lacking))
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    compiler = typst.Compiler(
        folder / "main.typ",
        root=folder,
        font_paths=_fonts(fonts),
        ignore_system_fonts=True,
        package_path=folder / "none",
        package_cache_path=folder / "none",
    )
    made, warnings = compiler.compile_with_warnings(format="pdf", timestamp=job["at"])
    assert isinstance(made, bytes)
    (folder / "out").write_bytes(made)
    told = [warning.message for warning in warnings]
    return {"missing": lacking[: glyphs.MOST], "pages": len(_PAGE.findall(made)), "warnings": told[:20]}
