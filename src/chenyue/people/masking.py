"""Personal data made unreadable for lists, exports, logs and whatever leaves the house. Pure."""

import re

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
_ID = re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒")


def mask_phone(phone: str) -> str:
    """`13800000001` → `138****0001`; shorter numbers keep two digits at each end."""
    if not phone:
        return ""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"{phone[:2]}{'*' * max(2, len(phone) - 4)}{phone[-2:]}" if len(phone) > 4 else "*" * len(phone)


def mask_name(name: str) -> str:
    """`李小明` → `李**`, `欧阳小明` → `欧阳**`, `李明` → `李*`."""
    name = name.strip()
    if not name:
        return ""
    kept = 2 if len(name) > 2 and name[:2] in _DOUBLE_SURNAMES else 1
    return name[:kept] + "*" * min(2, max(1, len(name) - kept))


def mask_id(number: str) -> str:
    """`370102199001011234` → `370102********1234`."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}" if len(number) > 10 else "*" * len(number)


def mask_email(address: str) -> str:
    """`chenming@example.org` → `c***@example.org`."""
    local, at, host = address.partition("@")
    return f"{local[:1]}***{at}{host}" if at else "***" if address else ""


def mask_words(text: str) -> str:
    """Telephone and ID numbers and e-mail addresses inside words, masked where they stand."""
    text = _ID.sub(lambda m: mask_id(m.group()), text)
    text = _MOBILE.sub(lambda m: mask_phone(re.sub(r"\D", "", m.group())[-11:]), text)
    text = _LANDLINE.sub(lambda m: mask_phone(re.sub(r"\D", "", m.group())), text)
    return _MAIL.sub(lambda m: mask_email(m.group()), text)


def holds_contact(text: str) -> bool:
    """Whether words hold something that `mask_words` would mask: a guard before publishing or answering."""
    return mask_words(text) != text


def forget_person(words: str, name: str) -> str:
    """Words without a person's contact data: numbers and addresses masked, and their own name where it stands."""
    words = mask_words(words)
    return words.replace(name, mask_name(name)) if len(name) > 1 else words
