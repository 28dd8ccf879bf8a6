import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.codes import (
    CheckInCode,
    clean_check_in_code,
    clean_invitation_code,
    new_check_in_key,
    new_invitation_code,
)
from kit import crockford

KEY = bytes(range(32))
numbers = st.builds(
    CheckInCode, st.integers(min_value=0, max_value=(1 << 20) - 1), st.integers(min_value=0, max_value=(1 << 12) - 1)
)


def test_invitations_are_of_65_bits_and_unlike_each_other():
    made = {new_invitation_code() for _ in range(2_000)}
    assert len(made) == 2_000
    assert {len(code) for code in made} == {13}
    assert {sign for code in made for sign in code} == set(crockford.ALPHABET)
    assert {code[0] for code in made} == set(crockford.ALPHABET)
    assert all(clean_invitation_code(crockford.grouped(code).lower()) == code for code in made)


@given(code=numbers)
def test_a_code_says_whose_it_is(code):
    written = code.written(KEY)
    assert len(written) == 16
    assert CheckInCode.read(written, KEY) == code
    assert CheckInCode.read(crockford.grouped(written).lower(), KEY) == code


@given(code=numbers)
def test_every_changed_sign_is_refused(code):
    written = code.written(KEY)
    for at, right in enumerate(written):
        for sign in crockford.ALPHABET.replace(right, ""):
            assert CheckInCode.read(written[:at] + sign + written[at + 1 :], KEY) is None


@given(code=numbers)
def test_another_occasion_s_key_signs_other_codes(code):
    assert CheckInCode.read(code.written(KEY), new_check_in_key()) is None


def test_the_code_is_cut_as_it_is_said_to_be():
    said = (1_234 << 12 | 5).to_bytes(4, "big")
    proof = hmac.digest(KEY, b"check-in:" + said, "sha256")[:6]
    whole = int.from_bytes(said + proof, "big")
    assert CheckInCode(1_234, 5).written(KEY) == crockford.write(whole, signs=16)


@pytest.mark.parametrize("code", [CheckInCode(1 << 20, 0), CheckInCode(0, 1 << 12), CheckInCode(-1, 0)])
def test_numbers_that_no_code_holds_are_refused(code):
    with pytest.raises(ValueError, match="no code holds"):
        code.written(KEY)


@given(typed=st.text(max_size=40))
def test_whatever_is_scanned_is_read_or_not(typed):
    assert CheckInCode.read(typed, KEY) is None
    assert clean_check_in_code(typed) is None or len(typed) >= 16
