import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.crockford import ALPHABET, clean, grouped, read, write

codes = st.text(ALPHABET, min_size=13, max_size=13)


@given(number=st.integers(min_value=0, max_value=(1 << 65) - 1))
def test_what_is_written_is_read(number):
    code = write(number, signs=13)
    assert len(code) == 13
    assert read(code) == number
    assert clean(code, signs=13) == code


@pytest.mark.parametrize(("number", "code"), [(0, "000"), (31, "00Z"), (32, "010"), (1234, "16J"), (32_767, "ZZZ")])
def test_numbers_of_which_the_code_is_known(number, code):
    assert write(number, signs=3) == code


@pytest.mark.parametrize("number", [-1, 32_768])
def test_a_number_that_needs_more_signs_is_refused(number):
    with pytest.raises(ValueError, match="3 signs"):
        write(number, signs=3)


@given(
    code=codes,
    small=st.lists(st.booleans(), min_size=13, max_size=13),
    between=st.sampled_from(["", "-", " ", " \u2013 ", "\u2011", "\u00a0"]),
)
def test_people_type_as_they_like(code, small, between):
    alike = {"0": "O", "1": "l"}
    typed = between.join(
        alike.get(sign, sign.lower()) if other else sign for sign, other in zip(code, small, strict=True)
    )
    assert clean(typed, signs=13) == code
    assert clean(f"\t{grouped(code)}\n", signs=13) == code


@given(typed=st.text(max_size=120))
def test_whatever_is_typed_is_a_code_or_none(typed):
    code = clean(typed, signs=13)
    assert code is None or (len(code) == 13 and set(code) <= set(ALPHABET))


@pytest.mark.parametrize("typed", ["", "12", "U" * 13, "0" * 12 + "é", "0" * 12 + "٣", "-" * 200 + "0" * 13, "ß" * 13])
def test_what_is_no_code(typed):
    assert clean(typed, signs=13) is None
