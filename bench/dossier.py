"""`make bench ARGS="--dossier"`: the papers of a whole mediation dossier, as Word and PDF, numbered and bound.

The documents of all thirteen places with their sample data, twelve photographs and a scanned PDF of twenty pages;
templates that ship, no database. Processor seconds are those of the press's processes too: on a busy machine only they
say much. Results go to bench/results/dossier.json.
"""

import io
import json
import os
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "bench" / "results" / "dossier.json"
AT = datetime(2026, 11, 22, tzinfo=UTC)
RUNS = 3
BUDGET = 5.0  # seconds for 13 documents
LEFT_OUT = ("cover", "index", "back", "not_accepted", "oral", "termination", "notice", "unperformed")


def scans() -> list[Any]:
    """Twelve photographs and a PDF of twenty pages, in the store of files."""
    import pikepdf
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from PIL import Image

    from chenyue.mediation.models import Evidence

    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG", quality=85)
    photo = default_storage.save("bench/photo.jpg", ContentFile(out.getvalue()))
    with pikepdf.Pdf.new() as made:
        for _page in range(20):
            made.add_blank_page(page_size=(595, 842))
        out = io.BytesIO()
        made.save(out)
    sheets = default_storage.save("bench/sheets.pdf", ContentFile(out.getvalue()))
    found = [Evidence(number=n, title=f"照片{n}", path=photo, content_type="image/jpeg") for n in range(1, 13)]
    return [*found, Evidence(number=13, title="档案", path=sheets, content_type="application/pdf")]


def once(pieces: list[Any]) -> dict[str, Any]:
    """One dossier."""
    from chenyue.mediation.dossier import binding, forms
    from chenyue.mediation.dossier.contents import Item

    began, cpu = time.monotonic(), _cpu()
    items = [Item(code, dict(form.sample)) for code, form in forms.ALL.items() if code not in LEFT_OUT]
    items[-1].scans = pieces
    parts = [one for item in items for one in binding.with_scans(item)]
    binding.press(parts, AT)
    pages = binding.number_through(parts)
    covers = [binding.Made(Item(code, dict(forms.ALL[code].sample))) for code in ("cover", "index", "back")]
    binding.press(covers, AT)
    whole = binding.bound([*covers[:2], *parts, covers[2]], "卷宗", AT)
    return {
        "seconds": round(time.monotonic() - began, 2), "cpu": round(_cpu() - cpu, 2), "documents": len(items) + 3,
        "scans": len(pieces), "pages": pages + 3, "bytes": len(whole),
    }  # fmt: skip


def _cpu() -> float:
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def main() -> int:
    """Measure, write, say whether the budget is kept."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["CHENYUE_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = home, "bench.settings"
        import django

        django.setup()
        from chenyue.mediation.dossier import papermaking

        papermaking.orders = partial(papermaking.orders, shipped=True)  # type: ignore[assignment]
        bare = [once([]) for _run in range(RUNS)]
        full = [once(scans()) for _run in range(RUNS)]
    busy = round(os.getloadavg()[0], 1)
    result = {"at": datetime.now(UTC).isoformat(timespec="minutes"), "load": busy, "bare": bare, "with_scans": full}
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, runs in (("documents alone", bare), ("with 12 photographs and a PDF of 20 pages", full)):
        seconds, cpu = (statistics.median(run[key] for run in runs) for key in ("seconds", "cpu"))
        print(f"{name}: {runs[0]['documents']} documents, {runs[0]['pages']} pages: {seconds} s, {cpu} s of processor")
    print(f"load {busy}")
    return 0 if min(run["seconds"] for run in bare) <= BUDGET else 1
