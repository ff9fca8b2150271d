"""Pictures of boards: a gap is a gap, each picture has its numbers as a table, nothing typed becomes markup."""

from chenyue.core import plots


def test_a_day_without_data_is_a_gap_and_no_zero() -> None:
    found = plots.lines(["1", "2", "3", "4"], [("来", [4, None, 2, 0])], "逐日")
    assert 'd="M0 0h2M400 100L600 200"' in found.picture
    assert 'class="hatched" x="100.0"' in found.picture
    assert [row[1] for row in found.rows] == [0, 2, "无数据", 4]  # the newest first


def test_the_upper_edge_is_a_round_number() -> None:
    assert [plots._round_up(n) for n in (0, 1, 3, 7, 18, 41, 100, 101, 999)] == [2, 2, 4, 10, 20, 50, 100, 200, 1000]


def test_without_numbers_there_is_no_picture() -> None:
    assert plots.lines(["1"], [("来", [None])], "逐日").picture == ""
    assert plots.flow([("来", 0)], [], "流转").picture == ""
    assert plots.heat(["1"], [], "冷热").picture == ""


def test_heat_runs_from_nothing_to_the_highest() -> None:
    assert [plots.shade(n, 10) for n in (0, 1, 3, 5, 9, 10)] == [0, 1, 2, 3, 5, 5]
    assert [plots.shade(n, 2) for n in (0, 1, 2)] == [0, 1, 2]


def test_cells_say_what_they_are() -> None:
    found = plots.heat(["1", "2", "3"], [("某处", [2, None, ""])], "冷热", links=[["/a?b=1&c=2", "/b", "/c"]])
    assert '<a href="/a?b=1&amp;c=2">2</a>' in found.picture
    assert "heat-none" in found.picture and "/b" not in found.picture
    assert found.rows == [("某处", 2, "无数据", "")]


def test_names_are_no_markup() -> None:
    evil = "<script>1</script>"
    for found in (
        plots.lines([evil], [(evil, [1])], evil),
        plots.heat([evil], [(evil, [1])], evil),
        plots.flow([(evil, 1), (evil, 2)], [(evil, 1)], evil),
    ):
        assert "<script" not in found.picture and "<script" not in found.table
