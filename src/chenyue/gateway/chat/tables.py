"""Chats as tables: exporters' CSV files, also saved as workbooks. Columns are known by their names."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core import tables
from chenyue.core.errors import Refusal
from chenyue.gateway.chat import stamps
from chenyue.gateway.chat.messages import PLACEHOLDERS, SYSTEM_SENDER, Broken, Message, Transcript

COLUMNS = {
    "text": ("StrContent", "内容", "Content", "content", "消息内容", "msg"),
    "time": ("StrTime", "时间", "Time", "time", "消息时间", "datetime"),
    "sender": ("NickName", "发送人", "SenderName", "from_nickname", "昵称", "发送者", "sender_name"),
    "remark": ("Remark", "备注"),
    "stamp": ("CreateTime",),
    "kind": ("Type", "类型", "content_type", "消息类型"),
    "wxid": ("Sender", "from_id", "微信号"),
    "group": ("TalkerName", "group_name", "群名", "talkerName"),
}
KINDS = {"3": "picture", "34": "voice", "43": "video", "47": "sticker", "42": "card", "48": "place", "49": "link"}
LONGEST_HEAD = 1_000  # characters of a line that may name columns
SYSTEM = {"10000", "10002", "系统消息", "系统", "system"}


def looks_like(head: str) -> bool:
    """Whether the first line names columns of a chat."""
    if len(head) > LONGEST_HEAD:
        return False
    cells = {tables.heading(cell) for cell in head.replace("\t", ",").replace(";", ",").split(",")}
    known = {field: {tables.heading(name) for name in names} for field, names in COLUMNS.items()}
    return bool(cells & known["text"]) and bool(cells & (known["time"] | known["stamp"] | known["sender"]))


def read(data: bytes, filename: str, at: datetime) -> Transcript:
    """A chat out of a table; a row that can't be read is said with its line, the others are kept."""
    sheet = tables.read_table(data, filename, expected=COLUMNS)
    if "text" not in sheet.header or not ({"sender", "wxid"} & set(sheet.header)):
        raise Refusal(
            _("This table isn't a chat: it has no column for who wrote and what. Its columns: %(columns)s.")
            % {"columns": ", ".join(sheet.written.values())[:200]},
            code="columns",
        )
    found = Transcript(formats=["table"])
    for row in sheet.rows:
        if row.problem:
            found.broken.append(Broken(row.number, row.problem))
            continue
        found.group = found.group or row["group"]
        message = _message(row, len(found.messages) + 1, at)
        if message is None:
            found.broken.append(Broken(row.number, _("This row has no words.")))
        else:
            found.messages.append(message)
    return found


def _message(row: tables.Row, number: int, at: datetime) -> Message | None:
    kind = row["kind"].strip()
    text = row["text"].strip() or PLACEHOLDERS.get(KINDS.get(kind, ""), "")
    if kind in KINDS and kind != "49" and text.startswith("<"):  # the programme's own XML
        text = PLACEHOLDERS[KINDS[kind]]
    if not text:
        return None
    sender = row["remark"].strip() or row["sender"].strip() or row["wxid"].strip()
    if kind in SYSTEM or not sender:
        sender = SYSTEM_SENDER
    when = stamps.written(row["time"], at) or stamps.written(row["stamp"], at)
    return Message(f"m{number:03d}", sender, when, text, row.number)
