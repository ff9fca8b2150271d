"""Tags of all templates: what they say and that they escape what people wrote."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from chenyue.core import charts, chrome, moments, vendored
from chenyue.core.errors import Refusal
from chenyue.core.forms import Form, refused

NOW = datetime(2026, 11, 22, 0, 40, tzinfo=UTC)  # 08:40 in Shanghai


def shown(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "今天 08:40"),
        (NOW - timedelta(days=1), "昨天 08:40"),
        (NOW + timedelta(days=1), "明天 08:40"),
        (NOW - timedelta(days=2), "11 月 20 日 08:40"),
        (NOW - timedelta(days=400), "2025 年 10 月 18 日 08:40"),
        (datetime(2026, 11, 21, 16, 5, tzinfo=UTC), "今天 00:05"),  # midnight is Shanghai's
        (date(2026, 11, 22), "今天"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment, words):
    assert moments.in_words(moment, NOW) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=1, hours=6, minutes=59), "1 天 6 小时"),
        (timedelta(days=2), "2 天"),
        (timedelta(hours=3, minutes=20), "3 小时 20 分"),
        (timedelta(hours=5), "5 小时"),
        (timedelta(minutes=25, seconds=59), "25 分"),
        (timedelta(seconds=30), "不到 1 分钟"),
        (timedelta(seconds=-30), "不到 1 分钟"),
    ],
)
def test_a_span_is_said_in_its_two_largest_parts(span, words):
    assert moments.span_in_words(span) == words


def test_a_clock_says_what_is_left_and_until_when():
    due = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    told = moments.clock(due, NOW)
    assert (told.words, told.until, told.tone) == ("还剩 1 天 8 小时", "11 月 23 日 17:00 前", "wait")
    assert moments.clock(due, due - timedelta(minutes=95)).tone == "due"
    late = moments.clock(due, due + timedelta(hours=3))
    assert (late.words, late.tone) == ("已超 3 小时", "late")


def test_a_clock_that_was_kept_or_missed_stands_still():
    due = NOW
    assert moments.clock(due, NOW + timedelta(days=9), NOW).words == "按时"
    missed = moments.clock(due, NOW + timedelta(days=9), NOW + timedelta(hours=2))
    assert (missed.words, missed.tone) == ("超时 2 小时", "late")


def test_the_clock_tag_explains_itself_and_goes_on_only_while_it_runs():
    due = NOW + timedelta(hours=30)
    html = shown('{% clock due now=now why="十个工作日" %}', due=due, now=NOW)
    assert "还剩 1 天 6 小时</b>" in html
    assert "（11 月 23 日 14:40 前）" in html
    assert 'title="十个工作日"' in html
    assert "data-due" in html
    assert "data-due" not in shown("{% clock due now=now paused=True %}", due=due, now=NOW)
    assert "data-due" not in shown("{% clock due now now=now %}", due=due, now=NOW)
    assert "–" in shown("{% clock due %}", due=None)


def test_words_are_english_for_english_readers():
    with translation.override("en"):
        assert moments.in_words(NOW - timedelta(days=2), NOW) == "20 Nov 08:40"
        assert moments.clock(NOW + timedelta(hours=30), NOW).words == "1 d 6 h left"
        assert " (by " in shown("{% clock due now=now %}", due=NOW, now=NOW)


def test_when_gives_the_exact_moment_to_machines():
    html = shown("{{ moment|when }}", moment=timezone.now())
    assert html.startswith('<time datetime="')
    assert "今天" in html
    assert shown("{{ moment|when }}", moment=None) == ""


def test_what_people_wrote_is_escaped_and_keeps_its_lines():
    html = shown("{{ words|paragraphs }}", words="一\n二 <script>\r\n\r\n三")
    assert html == '<p class="words">一<br>二 &lt;script&gt;</p><p class="words">三</p>'
    assert "<b>" not in shown("{% tag word %}", word="<b>")


def test_states_are_words_in_colour():
    chrome.states("test", {"open": ("开着", "due", "clock")})
    html = shown('{% tag_state "open" "test" %}')
    assert "tone-due" in html
    assert "开着" in html
    assert "unheard" in shown('{% tag_state "unheard" "test" %}')


def test_a_form_sent_again_keeps_its_key_until_it_is_used_up():
    factory = RequestFactory()
    first = shown("{% once %}", request=factory.get("/"))
    assert first != shown("{% once %}", request=factory.get("/"))
    again = factory.post("/", {"idempotency_key": "k1"})
    assert 'value="k1"' in shown("{% once %}", request=again)
    again.fresh_key = True
    assert 'value="k1"' not in shown("{% once %}", request=again)


def test_an_undo_posts_to_our_own_addresses_only():
    for tags, url in (("undo:/desk/x/", "/desk/x/"), ("undo://evil", ""), ("undo:https://evil", ""), ("", "")):
        assert shown("{{ m|undo_url }}", m=SimpleNamespace(extra_tags=tags)) == url


class Visit(Form):
    words = forms.CharField(label="事情", widget=forms.Textarea, help_text="怎么说都行")
    phone = forms.CharField(label="电话", required=False, max_length=11)
    way = forms.ChoiceField(label="方式", choices=[("a", "来访"), ("b", "电话")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="同意联系", required=False)


def test_a_field_ties_label_help_and_error_to_its_control():
    form = Visit({"words": "", "phone": "1" * 12})
    html = shown("{% error_summary form %}{% field form.words %}{% field form.phone %}{% field form.way %}", form=form)
    assert 'aria-describedby="id_words_help id_words_error"' in html
    assert 'id="id_words_help"' in html
    assert 'id="id_words_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<a href="#id_words">请填写“事情”。</a>' in html
    assert "请选择“方式”。" in html
    assert "最多 11 个字，现在是 12 个字" in html
    assert 'inputmode="tel"' in html
    assert 'role="alert"' in html


def test_a_refusal_is_said_at_its_field_or_above_the_form():
    form = refused(Visit({"words": "灯", "way": "a"}), Refusal("没有这个地方。", field="phone"))
    assert form.errors["phone"] == ["没有这个地方。"]
    form = refused(Visit({"words": "灯", "way": "a"}), Refusal("先别急。", field="nowhere"))
    assert form.non_field_errors() == ["先别急。"]
    assert "先别急。" in shown("{% error_summary form %}", form=form)


def test_harmful_characters_are_taken_out_and_nothing_else_is_refused():
    form = Visit({"words": "灯\x00坏了\u202e 😀", "way": "a"})
    assert form.is_valid()
    assert form.cleaned_data["words"] == "灯坏了 😀"
    form = Visit({"words": "\u202e\u200b", "way": "a"})
    assert form.errors["words"] == ["请填写“事情”。"]


def test_pictures_bring_their_numbers():
    html = str(charts.stacked(["一月", "二月"], [("甲", [1, 2]), ("乙", [3, 4])], "来件"))
    assert html.count("<polygon") == 2
    assert html.count("<td") == 4
    assert 'role="img"' in html
    bars = str(charts.bars([("楼道", 4), ("<路灯>", 2)], "热点", "件"))
    assert '<rect width="50.0"' in bars
    assert "&lt;路灯&gt;" in bars
    assert "<path" in str(charts.sparkline([1, 1, 1], "平"))
    assert charts.sparkline([], "") == charts.bars([], "") == charts.stacked([], [], "") == ""


def test_pages_turn_by_cursor_and_keep_their_filters():
    request = RequestFactory().get("/", {"state": "open", "cursor": "old"})
    html = shown("{% pager page %}", request=request, page=SimpleNamespace(previous="", next="abc"))
    assert 'href="?state=open&amp;cursor=abc"' in html
    assert 'rel="prev"' not in html


def test_icons_that_templates_name_are_in_the_sprite():
    import re
    from pathlib import Path

    import chenyue

    root = Path(chenyue.__file__).parent
    sources = [*root.glob("*/templates/**/*.html"), *root.glob("*/apps.py"), *root.glob("wiring.py")]
    for source in sources:
        named = set(re.findall(r"""\{% icon ["']([a-z0-9-]+)["']|icon=["']([a-z0-9-]+)["']""", source.read_text()))
        wanted = {name for pair in named for name in pair if name}
        assert wanted <= vendored.icon_names(), f"{source}: {wanted - vendored.icon_names()}"


def test_each_choice_says_its_words_once():
    class Choice(Form):
        kind = forms.ChoiceField(choices=[("a", "老年人"), ("b", "残疾人")], widget=forms.RadioSelect)

    told = shown("{% field form.kind %}", form=Choice())
    assert told.count("老年人") == told.count("残疾人") == 1
    assert told.count("<label") == 2
