"""`make bench`: generate where there's nothing yet, measure, say which budgets are kept.

python -m bench                        100,000 cases on SQLite in build/bench-100000
python -m bench --cases 1000000        a million
DATABASE_URL=postgres://… python -m bench      in this (empty, or filled by an earlier run) database
python -m bench --quick                5,000 cases, SQL statements only: what CI runs
python -m bench --roster               the roster's solver core on published instances; see bench/roster.py
python -m bench --stewards             200 buildings and 80 stewards; see bench/stewards.py
python -m bench --dossier              the papers of a mediation, bound; see bench/dossier.py
python -m bench --bookings             10,000 attempts to book 100 slots at once; see bench/bookings.py
python -m bench --ledger               a million postings of credits: balance, bank book, proof; see bench/ledger.py
python -m bench --figures                      what figures cost, and their first count: see bench/figures.py
python -m bench --watchers             500 who watch a queue, a call every second: see bench/watchers.py
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    if "--roster" in sys.argv:
        from bench import roster

        return roster.main()
    if "--stewards" in sys.argv:
        from bench import stewards

        return stewards.main()
    if "--dossier" in sys.argv:
        sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
        from bench import dossier

        return dossier.main()
    if "--bookings" in sys.argv:
        from bench import bookings

        return bookings.main()
    if "--ledger" in sys.argv:
        from bench import ledger

        return ledger.main()
    options = read_options()
    os.environ.setdefault("CHENYUE_HOME", str(ROOT / "build" / f"bench-{options.cases}"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ.setdefault("CHENYUE_LOG_LEVEL", "WARNING")
    os.environ.pop("CHENYUE_DEMO", None)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    Path(os.environ["CHENYUE_HOME"]).mkdir(parents=True, exist_ok=True)

    import django

    django.setup()
    ensure(options.cases)
    return run(options)


def run(options: argparse.Namespace) -> int:
    """What is asked of the filled database; the pages, unless it is something else."""
    if options.watchers:
        from bench import watchers

        return watchers.main()
    if options.saturate or options.soak:
        from bench import endurance

        if options.soak:
            return endurance.soak(options.cases, options.soak)
        return endurance.saturate(options.cases, options.seconds)
    if options.figures:
        from bench import figures

        return figures.main()
    from bench import report
    from bench.load import measure, write

    result = measure(options)
    lost = report.say(result)
    if options.quick:
        return 1 if lost else 0
    write(result)
    report.write_page()
    return 0


def read_options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cases", type=int)
    options.add_argument("--seconds", type=float, default=8, help="for each scenario")
    options.add_argument("--quick", action="store_true", help="a small database, SQL statements only")
    options.add_argument("--figures", action="store_true", help="figures, their pages, their first count")
    options.add_argument("--anew", action="store_true", help="with --figures: count everything anew")
    options.add_argument("--check", action="store_true", help="with --figures: compare every kept count")
    options.add_argument("--watchers", action="store_true", help="who watches a queue, on the real server")
    options.add_argument("--saturate", action="store_true", help="as clients grow to 200")
    options.add_argument("--soak", type=float, metavar="MINUTES", help="whether it stays the size it was")
    found = options.parse_args()
    found.cases = found.cases or (200 if found.watchers else 5000 if found.quick else 100_000)
    return found


def ensure(cases: int) -> None:
    """Fill the database unless an earlier run did; collect the static files that pages name."""
    from django.core.management import call_command
    from django.db import connection

    filled = "cases_case" in connection.introspection.table_names()
    if filled:
        from chenyue.cases.models import Case

        filled = Case.objects.exists()
    connection.close()
    if not filled:
        subprocess.run([sys.executable, str(ROOT / "bench" / "generate.py"), "--cases", str(cases)], check=True)
    from chenyue.core.management.commands.serve import prepare

    call_command("migrate", verbosity=0)
    prepare()
    nightly_is_done()


def nightly_is_done() -> None:
    """Pages are measured by day: tonight's backup is over, and other heavy work waits (`bench.settings`)."""
    from django.utils import timezone

    from chenyue.upkeep.models import BackupRun

    at = timezone.now()
    BackupRun.objects.create(state=BackupRun.State.PROVED, started_at=at, ended_at=at)


if __name__ == "__main__":
    sys.exit(main())
