"""The words of a PDF that the typesetter made: read from what is drawn, by the tables that its fonts bring along."""

import io
import re
from typing import Any

import pikepdf

_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def _table(font: Any) -> dict[int, str]:
    """Which letters the codes of a font stand for."""
    found: dict[int, str] = {}
    if "/ToUnicode" not in font:
        return found
    cmap = font.ToUnicode.read_bytes()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, letters in _PAIR.findall(block):
            found[int(code, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, letters in _RANGE.findall(block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(int(letters, 16) + step)
    return found


def _drawn(page: Any, resources: Any) -> str:
    fonts = {name: _table(font) for name, font in dict(resources.get("/Font", {})).items()}
    forms = dict(resources.get("/XObject", {}))
    words, table = [], dict[int, str]()
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            table = fonts.get(str(operands[0]), {})
        elif str(operator) == "Do" and forms[str(operands[0])].get("/Subtype") == "/Form":
            form = forms[str(operands[0])]
            words.append(_drawn(form, form.get("/Resources", resources)))
        elif str(operator) in ("Tj", "TJ"):
            shown = operands[0] if str(operator) == "TJ" else [operands[0]]
            for part in shown:
                if isinstance(part, pikepdf.String):
                    codes = bytes(part)
                    words += [table.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2)]
    return "".join(words)


def pages(content: bytes) -> list[str]:
    """The words of each page, without blanks between them."""
    with pikepdf.Pdf.open(io.BytesIO(content)) as found:
        return ["".join(_drawn(page, page.obj.get("/Resources", {})).split()) for page in found.pages]


def words(content: bytes) -> str:
    """All words of a PDF, without blanks between them."""
    return "".join(pages(content))
