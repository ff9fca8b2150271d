"""Pages of PDF by pikepdf: joined, marked, and those of others taken out of everything that could act.

A PDF of somebody may hold scripts, actions, forms that send themselves, links and whole files. Of such a one only the
drawing of its pages is taken into a new document; what a page carries beside its drawing stays behind.
"""

from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, NumberTree, Pdf, Rectangle

from chenyue.core.press.refused import Refused

KEPT = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Parent", "/Group"}
A4 = (595.276, 841.89)  # points
UPRIGHT = 20.0  # points of room that a page put on A4 leaves at its edges
FORM_KEYS = (Name.AA, Name.OPI, Name.PS, Name.Ref, Name.Metadata, Name.PieceInfo, Name.StructParents, Name.StructParent)


def join(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """`part-0.pdf` … as one, `marks.pdf` laid over page by page, with names of pages and an outline."""
    labels: list[str] = job["labels"]
    with Pdf.new() as whole, Pdf.open(folder / "marks.pdf") as marks:
        for number in range(job["parts"]):
            with Pdf.open(folder / f"part-{number}.pdf") as part:
                whole.pages.extend(part.pages)
        if len(whole.pages) != len(labels):
            raise ValueError(f"{len(whole.pages)} pages, {len(labels)} labels")
        marked = [page for page, label in zip(whole.pages, labels, strict=True) if label]
        for page, mark in zip(marked, marks.pages, strict=False):
            left, bottom, right, top = (float(side) for side in page.mediabox)
            _lay(whole, page, mark, Rectangle(left, bottom, right, top))
        whole.Root.PageLabels = _labels(whole, labels)
        whole.Root.PageMode = Name.UseOutlines
        with whole.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(name, page) for name, page in job["outline"])
        whole.docinfo[Name.Title] = job["title"]
        pages = len(whole.pages)
        whole.save(folder / "out", deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return {"pages": pages}


def _lay(whole: Pdf, sheet: pikepdf.Page, drawing: pikepdf.Page, where: Rectangle) -> None:
    """Draw a page over another, as large as there is room; under a fixed name, so that the file is the same again."""
    form = whole.copy_foreign(drawing.as_form_xobject())
    name = Name(f"/Laid{len(sheet.obj.get(Name.Resources, Dictionary()).get(Name.XObject, Dictionary()))}")
    name = sheet.add_resource(form, Name.XObject, name)
    placed = sheet.calc_form_xobject_placement(
        form, name, where, invert_transformations=True, allow_shrink=True, allow_expand=True
    )
    sheet.contents_add(b"q\n", prepend=True)
    sheet.contents_add(b"\nQ\n" + placed)


def _labels(whole: Pdf, labels: list[str]) -> Any:
    """Names of pages as viewers show them: each its own, so that cover and index may have words."""
    tree = NumberTree.new(whole)
    for at, label in enumerate(labels):
        tree[at] = Dictionary(P=pikepdf.String(label)) if label else Dictionary(P=pikepdf.String("—"))
    return tree.obj


def harmless(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The pages of `in.pdf`, each drawn upright on A4, at most so many of them."""
    try:
        with Pdf.open(folder / "in.pdf") as found, Pdf.new() as clean:
            count = len(found.pages)
            if not count:
                raise Refused("not_pdf", "0")
            for page in list(found.pages)[: job["most"]]:
                _strip(page)
                sheet = clean.add_blank_page(page_size=_sheet(page))
                width, height = _sheet(page)
                _lay(clean, sheet, page, Rectangle(UPRIGHT, UPRIGHT, width - UPRIGHT, height - UPRIGHT))
            pages = len(clean.pages)
            clean.save(folder / "out", deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PasswordError as error:
        raise Refused("not_pdf", "password") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, OverflowError) as error:
        raise Refused("not_pdf", str(error).rpartition(":")[2].strip()[:80]) from error
    return {"pages": pages, "all": count}


def _sheet(page: pikepdf.Page) -> tuple[float, float]:
    """A4, lying if the page lies."""
    left, bottom, right, top = (float(side) for side in page.mediabox)
    turned = int(page.obj.get(Name.Rotate, 0)) % 180 == 90
    lies = (top - bottom > right - left) if turned else (right - left > top - bottom)
    return (A4[1], A4[0]) if lies else A4


def _strip(page: pikepdf.Page) -> None:
    """Leave a page its drawing only: no annotations, actions or forms; nor its embedded drawings theirs."""
    for key in [key for key in page.obj.keys() if key not in KEPT]:  # noqa: SIM118 – a page isn't a dict
        del page.obj[key]
    _strip_forms(page.obj.get(Name.Resources), 0, set())


def _strip_forms(resources: Any, deep: int, seen: set[tuple[int, int]]) -> None:
    if not isinstance(resources, Dictionary | pikepdf.Object) or deep > 20:
        return
    for one in dict(resources.get(Name.XObject, Dictionary())).values():
        if one.objgen in seen:
            continue
        seen.add(one.objgen)
        for key in FORM_KEYS:
            if key in one:
                del one[key]
        _strip_forms(one.get(Name.Resources), deep + 1, seen)
