"""What a Word file is made of, before anything opens it: a zip of XML that may hold bombs, programs and baits.

Refused are files that unpack beyond all measure, programs (macros, ActiveX, embedded objects), anything fetched
from elsewhere when it is opened, XML with a document type (entities), and fields that run or include something.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from chenyue.core.press.refused import Refused

MOST_PARTS = 400
MAX_UNPACKED = 60 * 1024 * 1024  # of all parts together
MAX_XML = 12 * 1024 * 1024  # of one part that is XML
XML = (".xml", ".rels")
_BINARY = re.compile(r"vbaProject|vbaData|activeX|/embeddings/|oleObject|/customUI|attachedToolbars|\.bin$", re.I)
_STRANGE = {"altChunk", "object", "control", "subDoc", "OLEObject", "embed", "objectEmbed", "objectLink"}  # elements
_DRAWN_IN = re.compile(
    r"/(oleObject|package|control|vbaProject|attachedTemplate|aFChunk|subDocument|frame|mailMerge\w*)$"
)
_LINKS = ("https://", "http://", "mailto:", "tel:")  # what a link that people press may open
# Fields that only show what the document knows by itself.
_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME", "SAVEDATE", "PRINTDATE", "CREATEDATE", "TOC"}
_FIELDS |= {"REF", "PAGEREF", "SEQ", "STYLEREF", "HYPERLINK", "TITLE", "AUTHOR", "SUBJECT", "EQ", "=", "LISTNUM"}


def check(content: bytes) -> None:
    """Raises Refused for a file that is no Word document, or one that mustn't be opened."""
    if not content.startswith(b"PK"):
        raise Refused("not_word")
    try:
        parts = dict(_unpacked(content))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Refused("not_word") from error
    kinds = parts.get("[Content_Types].xml", b"")
    if b"macroenabled" in kinds.lower() or b"vbaproject" in kinds.lower():
        raise Refused("macros")
    if b"wordprocessingml.document.main+xml" not in kinds:
        raise Refused("not_word")
    for name, part in parts.items():
        if _BINARY.search(name):
            raise Refused("macros" if "vba" in name.lower() else "objects", name)
        if name.lower().endswith(XML):
            _check_part(name, part)
    _check_kinds(fromstring(kinds, forbid_dtd=True))


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Parts by name, counted while they unpack: what a zip says of its own size needn't be true."""
    left = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        if len(infos) > MOST_PARTS or len({info.filename for info in infos}) < len(infos):
            raise Refused("bomb")
        for info in infos:
            info.file_size = 2 * MAX_UNPACKED  # else reading stops where the file says it ends
            with archive.open(info) as stream:
                part = stream.read(left + 1)
            left -= len(part)
            if left < 0 or (info.filename.lower().endswith(XML) and len(part) > MAX_XML):
                raise Refused("bomb")
            yield info.filename, part


def _check_part(name: str, part: bytes) -> None:
    try:
        root = fromstring(part, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Refused("xml", name) from error
    if name.endswith(".rels"):
        _check_relations(root)
        return
    if any(_name(element) in _STRANGE for element in root.iter()):
        raise Refused("objects", name)
    for field in _fields(root):
        _check_field(field)


def _check_kinds(root: Element) -> None:
    """What Word reads as XML is called so: else it would be read there, and looked at nowhere."""
    for element in root.iter():
        kind = element.get("ContentType", "").lower()
        name = element.get("PartName") or f".{element.get('Extension', 'xml')}"
        if "xml" in kind and not kind.startswith("image/") and not name.lower().endswith(XML):
            raise Refused("objects", name)


def _name(element: Element) -> str:
    """The name of an element or attribute without its namespace: there are two for the same words."""
    return str(element.tag).rpartition("}")[2]


def _check_relations(root: Element) -> None:
    for relation in root.iter():
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        if relation.get("TargetMode", "").lower() == "external":
            if not kind.endswith("/hyperlink") or not target.lower().startswith(
                ("https://", "http://", "mailto:", "tel:")
            ):
                raise Refused("external", target)
        elif _DRAWN_IN.search(kind):
            raise Refused("objects", target)


def _fields(root: Element) -> Iterator[str]:
    """The instructions of fields, put together from the runs they are cut into."""
    open_fields: list[str] = []
    for element in root.iter():
        name, given = _name(element), {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
        if name == "fldSimple":
            yield given.get("instr", "")
        elif name in ("instrText", "delInstrText"):
            if not open_fields:
                raise Refused("field", "?")
            open_fields[-1] += element.text or ""
        elif name == "fldChar" and given.get("fldCharType") == "begin":
            open_fields.append("")
        elif name == "fldChar" and given.get("fldCharType") == "end" and open_fields:
            yield open_fields.pop()
    yield from open_fields


def _check_field(instruction: str) -> None:
    """A blank in an instruction would let whoever fills it write a program."""
    word = instruction.strip().split(" ", 1)[0].split("\\", 1)[0].upper()
    if "{{" in instruction or "{%" in instruction or (word and word not in _FIELDS and not word.startswith("=")):
        raise Refused("field", instruction.strip()[:60])
