import pytest

from tests.faults.__main__ import Outcome, experiments, table
from tests.faults.report import Verdict, tell, total

NOTHING = Verdict(0, 0, 0)


def test_a_verdict_tells_what_was_lost_doubled_and_reordered():
    happened = ["a", "b", "c", "d"]
    assert Verdict.of(happened, expected=happened) == NOTHING
    assert Verdict.of(["a", "c", "d"], expected=happened) == Verdict(1, 0, 0)
    assert Verdict.of(["a", "b", "b", "c", "d"], expected=happened) == Verdict(0, 1, 0)
    assert Verdict.of(["a", "c", "b", "d"], expected=happened) == Verdict(0, 0, 1)
    assert total([Verdict(1, 2, 3), Verdict(1, 0, 0)]) == Verdict(2, 2, 3)


def test_what_never_happened_cannot_be_judged():
    with pytest.raises(KeyError):
        Verdict.of(["a", "z"], expected=["a"])


def test_what_is_lost_and_what_is_not_kept_is_told_and_ends_with_one(capsys):
    tell("R0: nothing", NOTHING, promised={"it ends": True}, how_long="1 s")
    assert capsys.readouterr().out == "R0: nothing\n  how long: 1 s\n  lost 0, doubled 0, reordered 0\nPASSED\n"
    with pytest.raises(SystemExit, match="1"):
        tell("R0: nothing", NOTHING, promised={"it ends": True, "it begins": False})
    assert "  NOT KEPT: it begins\nFAILED\n" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="1"):
        tell("R0: nothing", Verdict(0, 1, 0), promised={})
    assert capsys.readouterr().out == "R0: nothing\n  lost 0, doubled 1, reordered 0\nFAILED\n"


def test_the_table_has_a_line_for_each_experiment():
    outcomes = [
        Outcome("r01_one", passed=True, seconds=3.2, said="R1: One thing\n  lost 0, doubled 0, reordered 0\nPASSED\n"),
        Outcome("r02_two", passed=False, seconds=12.0, said="Traceback …"),
    ]
    assert table(outcomes) == (
        "PASSED  R01     3 s  lost 0, doubled 0, reordered 0      One thing\nFAILED  R02    12 s  no verdict\n"
    )


def test_every_row_that_has_a_script_is_found():
    assert {"r01_redis_killed", "r05_slow_client", "r08_sigterm"} <= set(experiments([]))
    assert experiments(["r01", "r08"]) == ["r01_redis_killed", "r08_sigterm"]
    assert experiments(["r99"]) == []
