"""No text that somebody may send is a fault: every place that takes one is tried with what no database keeps."""

import pytest
from structlog.testing import capture_logs

from tests.house.walk import texts

BAD = {"NUL": "a\0b", "long": "x" * 30_000, "empty": "", "unseen": " \u200b\u202e", "controls": "\x1b[2J\x7f"}


@pytest.mark.parametrize("spot", list(texts()), ids=str)
async def test_a_text_that_cannot_be_used_is_refused_and_is_no_fault(house, spot):
    with capture_logs() as logs:
        answers = {name: await house.ask(spot, value, house.viewer) for name, value in BAD.items()}
    assert [name for name, answer in answers.items() if "INTERNAL" in str(answer)] == []
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
    assert refusals(answers["NUL"]), "NUL is in no text"


def refusals(answer):
    """Give the codes of an answer's errors and problems."""
    told = next(iter((answer.get("data") or {"": {}}).values())) or {}
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    return [*codes, *(problem["code"] for problem in (told.get("problems", ()) if isinstance(told, dict) else ()))]
