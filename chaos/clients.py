"""A process with some clients: `python -m chaos.clients PLAN DIARY SEED THREADS`, until SIGTERM."""

import json
import random
import signal
import sys
import threading
from pathlib import Path

from chaos.acts import Office, live
from chaos.client import Client
from chaos.diary import Diary


def main(plan: Path, diary: Path, seed: int, threads: int) -> None:
    """Some clients, each on a thread, until SIGTERM."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    known = json.loads(plan.read_text("utf-8"))
    book, office = Diary(diary), Office(known, seed)
    dice = random.Random(f"{known['run']}:{seed}")
    clients = [Client(known, book, random.Random(dice.getrandbits(64)), stopping) for _one in range(threads)]
    work = [threading.Thread(target=live, args=(client, office)) for client in clients]
    for one in work:
        one.start()
    while not stopping.wait(1):
        pass
    for one in work:
        one.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
