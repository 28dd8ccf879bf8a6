from tests.faults.report import Verdict, total


def test_a_verdict_tells_what_was_lost_doubled_and_reordered():
    happened = ["a", "b", "c", "d"]
    assert Verdict.of(happened, expected=happened) == Verdict(0, 0, 0)
    assert Verdict.of(["a", "c", "d"], expected=happened) == Verdict(1, 0, 0)
    assert Verdict.of(["a", "b", "b", "c", "d"], expected=happened) == Verdict(0, 1, 0)
    assert Verdict.of(["a", "c", "b", "d"], expected=happened) == Verdict(0, 0, 1)
    assert total([Verdict(1, 2, 3), Verdict(1, 0, 0)]) == Verdict(2, 2, 3)
