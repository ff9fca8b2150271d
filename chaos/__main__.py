"""`make chaos`: faults under load, then the reckoning. Writes chaos/results and docs/chaos.md.

python -m chaos                          all scenarios on SQLite: 200 kills, full disk, power loss, clock, …
python -m chaos --database postgresql    the same on a PostgreSQL of its own, and its restarts and absence
python -m chaos --kills 10 --only kill   a short one
python -m chaos --quick                  five kills on SQLite in a minute; writes nothing
python -m chaos ha                       three machines with PostgreSQL and Patroni, their faults; see docs/ha.md
"""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    if sys.argv[1:2] == ["ha"]:
        from chaos.ha import running

        return running.main(sys.argv[2:])
    from chaos import report, scenarios
    from chaos.house import adopt
    from chaos.office import PEOPLE
    from chaos.postgres import Cluster
    from chaos.stage import Stage, free_port

    options = read_options()
    adopt()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    cluster = Cluster(options.port or free_port()) if options.database == "postgresql" else None
    try:
        if cluster:
            cluster.make()
            cluster.start()
        stage = Stage(folder, cluster)
        stage.prepare(60 if options.quick else min(PEOPLE, 100 + 8 * options.kills))
        results = scenarios.run(stage, options)
        good = report.say(stage.database, results)
        if not options.quick:
            report.write(stage.database, results)
            report.write_page()
        return 0 if good else 1
    finally:
        if cluster:
            cluster.remove()
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def read_options() -> argparse.Namespace:
    from chaos.scenarios import names

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--only", action="append", choices=names(), help="this scenario only; may be repeated")
    options.add_argument("--port", type=int, help="of the PostgreSQL that is made for it; a free one otherwise")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--keep", action="store_true", help="leave folders and diaries for a look")
    found = options.parse_args()
    if found.quick:
        found.kills, found.only, found.database = 5, ["kill"], "sqlite"
    return found


if __name__ == "__main__":
    sys.exit(main())
