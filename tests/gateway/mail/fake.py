"""A mailbox server in a thread: as much of IMAP as reading needs, and the ways in which a real one misbehaves."""

import contextlib
import re
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

INTERNAL = '"24-Nov-2026 08:30:00 +0800"'


@dataclass
class Mailbox:
    """What the server holds and how it behaves."""

    letters: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    password: str = "right-horse"
    lie: str = ""  # "literal": claims a huge letter; "cut": hangs up; "silent": says nothing; "size": a wrong size
    seen: set[int] = field(default_factory=set)
    said: list[str] = field(default_factory=list)

    def put(self, raw: bytes) -> int:
        """One letter more; its number."""
        uid = max(self.letters, default=0) + 1
        self.letters[uid] = raw
        return uid


class _Handler(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the client has gone
            self._talk()

    def _talk(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        if box.lie == "silent":
            self.server.stop.wait(3)  # type: ignore[attr-defined]
            return
        self._say("* OK ready")
        while line := self.rfile.readline(4000):
            tag, _space, command = line.decode("utf-8", "replace").strip().partition(" ")
            box.said.append(re.sub(r"(LOGIN \S+) .*", r"\1 …", command))
            if box.lie == "cut" and "FETCH" in command:
                return
            self._answer(box, tag, command)
            if command.upper() == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _answer(self, box: Mailbox, tag: str, command: str) -> None:
        upper = command.upper()
        if upper == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif upper.startswith("LOGIN") and f'"{box.password}"' not in command:
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] wrong password for chen@example.org")
            return
        elif upper.startswith("SELECT"):
            if '"INBOX"' not in command:
                self._say(f"{tag} NO no such folder")
                return
            self._say(f"* {len(box.letters)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {box.validity}]")
            self._say(f"* OK [UIDNEXT {max(box.letters, default=0) + 1}]")
        elif upper.startswith("UID SEARCH"):
            self._say("* SEARCH " + " ".join(map(str, self._found(box, upper))))
        elif upper.startswith("UID FETCH"):
            self._fetch(box, int(upper.split()[2]), upper)
        elif upper.startswith("UID STORE"):
            box.seen.add(int(upper.split()[2]))
        self._say(f"{tag} OK done")

    def _found(self, box: Mailbox, command: str) -> list[int]:
        if "SINCE" in command:
            return sorted(box.letters)
        first = int(command.rsplit(" ", 1)[1].split(":")[0])
        # As the standard says: `9:*` names the last letter even if its number is smaller.
        return sorted({uid for uid in box.letters if uid >= first} | ({max(box.letters)} if box.letters else set()))

    def _fetch(self, box: Mailbox, uid: int, command: str) -> None:
        raw = box.letters.get(uid)
        if raw is None:
            return
        if "BODY.PEEK" not in command:
            size = 99_000_000 if box.lie == "size" else len(raw)
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE {INTERNAL})")
            return
        length = 9_000_000_000 if box.lie == "literal" else len(raw)
        self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{length}}}\r\n".encode() + raw + b")\r\n")


class Server(socketserver.ThreadingTCPServer):
    """Listens on this machine until it is closed."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, box: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.box, self.stop = box, threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def port(self) -> int:
        """Where."""
        return int(self.server_address[1])

    def close(self) -> None:
        """No more."""
        self.stop.set()
        self.shutdown()
        self.server_close()


def letter(words: str = "楼道的灯坏了", *, sender: str = "陈大明 <chen@example.org>", **more: Any) -> bytes:
    """A letter as a mail program writes it; `headers`, `files` (name, bytes), `html`, `charset`."""
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"] = sender, "office@example.org"
    message["Subject"] = more.get("subject", "反映楼道灯的问题")
    message["Message-ID"] = more.get("message_id", f"<{crc32(f'{words}{sender}'.encode())}@example.org>")
    message["Date"] = "Tue, 24 Nov 2026 08:29:00 +0800"
    for name, value in more.get("headers", {}).items():
        message[name] = value
    if more.get("html"):
        message.set_content(words, subtype="html")
    else:
        message.set_content(words, charset=more.get("charset", "utf-8"))
    for name, content in more.get("files", []):
        kind = ("image", "jpeg") if name.endswith(".jpg") else ("application", "octet-stream")
        message.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=name)
    return message.as_bytes()
