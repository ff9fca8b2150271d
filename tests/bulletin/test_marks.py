"""Few marks become few tags; what looks like HTML stays what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.bulletin.marks import html, plain


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("一行\n两行\n\n另一段", "<p>一行<br>两行</p>\n<p>另一段</p>"),
        (
            "## 办理结果\n- 修好了\n- 通水了\n谢谢",
            "<h2>办理结果</h2>\n<ul><li>修好了</li><li>通水了</li></ul>\n<p>谢谢</p>",
        ),
        ("## 一\n## 二", "<h2>一</h2>\n<h2>二</h2>"),
        ("> 总算通了", "<blockquote>总算通了</blockquote>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        (
            "见 https://a.example/x?a=1&b=2。",
            (
                '<p>见 <a href="https://a.example/x?a=1&amp;b=2" rel="noopener noreferrer">'
                "https://a.example/x?a=1&amp;b=2</a>。</p>"
            ),
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
    ],
)
def test_marks(typed: str, shown: str) -> None:
    assert html(typed) == shown


@given(st.text(alphabet="<>&\"'# ->\nah:/tps.一二", max_size=80))
def test_nothing_typed_becomes_a_tag_of_its_own(typed: str) -> None:
    bare = html(typed)
    for tag in ("p", "h2", "ul", "li", "blockquote"):
        bare = bare.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    bare = bare.replace("<br>", "").replace("</a>", "")
    assert "<" not in bare.replace('<a href="http', "")


def test_plain_words_for_a_card() -> None:
    assert plain("## 甲\n- 乙\n\n丙丁戊己", 6) == "甲 乙 丙…"
