"""One paper or several: reads `job.json` in the working folder, leaves `out` and `report.json` there.

Several have a folder each, named 0, 1, …, and one report. A report says `refused` with a code and what it is about
if the template is at fault; everything else that goes wrong ends the process with its words on standard error.
"""

import json
import resource
from pathlib import Path
from typing import Any

LARGEST = 256 * 1024 * 1024  # bytes of a paper


def _limit(memory: int, seconds: int) -> None:
    """Bounds that the kernel keeps: a template can't take the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _make(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    from chenyue.core.press.refused import Refused

    if job["kind"] == "many":
        return {"reports": [_make(one, folder / str(number)) for number, one in enumerate(job["jobs"])]}
    try:
        if job["kind"] == "pdf":
            from chenyue.core.press import pdf

            return pdf.make(job, folder)
        if job["kind"] in ("join", "harmless"):
            from chenyue.core.press import pages

            return pages.join(job, folder) if job["kind"] == "join" else pages.harmless(job, folder)
        from chenyue.core.press import word

        return word.look(job, folder) if job["kind"] == "look" else word.make(job, folder)
    except Refused as refused:
        return {"refused": refused.code, "about": refused.about}


def main() -> None:
    """Do the job of the folder the process stands in."""
    folder = Path.cwd()
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    _limit(job["memory"], job["seconds"])
    report = _make(job, folder)
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
