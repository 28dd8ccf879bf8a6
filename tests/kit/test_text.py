"""Names and other texts that people type: two that look alike are one, and nothing in them is unseen."""

import pytest

from kit.errors import InvalidInput
from kit.text import check_range, clean_name, clean_text

PATH = ("input", "name")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mun\u0303oz", "Muñoz"),
        ("  Ana\u00a0 \tde\u2003la\u2028Vega\n", "Ana de la Vega"),
        ("e\u0301\u0323", "\u1eb9\u0301"),
        ("O'Dell, Ray-Ann (Jr.)", "O'Dell, Ray-Ann (Jr.)"),
        ("山田 太郎", "山田 太郎"),
        ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("Wet \u26f3\ufe0f", "Wet \u26f3\ufe0f"),
        ("\u2126", "Ω"),
    ],
)
def test_texts_are_kept_in_one_form(typed, kept):
    assert clean_name(typed, path=PATH) == kept
    assert clean_name(kept, path=PATH) == kept


@pytest.mark.parametrize(
    "sign",
    [
        *"\0\x07\x7f\x85\u00ad\u034f\u061c\u115f\u180b\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069",
        *"\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ue000\U000e0001\U000e0041\U000e0100\ud800",
    ],
    ids=lambda sign: f"U+{ord(sign):04X}",
)
@pytest.mark.parametrize("text", ["{}", "Ana{}", "{}Ana", "A{}na"])
def test_what_nobody_can_see_is_named_and_refused(sign, text):
    given = text.format(sign)
    if sign == "\x85":  # a line's end is a space like any other
        assert clean_name(given, path=PATH, empty=True) == " ".join(given.split())
        return
    with pytest.raises(InvalidInput) as caught:
        clean_name(given, path=PATH)
    assert caught.value.message == f"Remove the character U+{ord(sign):04X}, which nobody can see."
    assert caught.value.path == PATH


def test_a_name_is_more_than_an_accent():
    with pytest.raises(InvalidInput, match="Begin with a letter"):
        clean_name("\u0301", path=PATH)


@pytest.mark.parametrize(("typed", "kept"), [
    ("one", "one"), ("  a\t b ", "a b"), ("a\r\nb\rc\u2028d", "a\nb\nc\nd"), ("\n\na\n \n\n\t\nb\n\n", "a\n\nb"),
    ("e\u0301\ne\u0301", "\u00e9\n\u00e9"), ("a\n\nb", "a\n\nb"),
])  # fmt: skip
def test_a_text_keeps_its_lines_and_one_empty_one_between_others(typed, kept):
    assert clean_text(typed, path=("text",), longest=20) == kept
    assert clean_text(kept, path=("text",), longest=20) == kept


@pytest.mark.parametrize("text", ["", " \n\t\n", "a" * 21, "a\n" * 11, "a\n\u200b", "\u0301a", "a\n\u202eb"])
def test_a_text_that_is_empty_too_long_or_has_something_unseen_in_it_is_refused(text):
    with pytest.raises(InvalidInput) as refused:
        clean_text(text, path=("input", "text"), longest=20)
    assert refused.value.path == ("input", "text")


@pytest.mark.parametrize(
    ("lowest", "highest", "said"),
    [(1, 10_000_000, "1 to 10,000,000"), (-10, 54.5, "-10 to 54.5"), (0.0, 2.0, "0 to 2")],
)
def test_bounds_are_written_as_people_write_them(lowest, highest, said):
    with pytest.raises(InvalidInput) as refused:
        check_range(highest + 1, lowest, highest, path=("input", "cents"))
    assert refused.value.message == f"Choose a value from {said}."
