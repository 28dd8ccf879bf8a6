import pytest

from auth.tokens import bearer, from_connection_init
from kit.errors import TokenRefused


@pytest.mark.parametrize(
    "header", ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "  Bearer   a.b.c ", "Bearer\ta.b.c"]
)
def test_the_token_of_an_authorization_header(header):
    assert bearer(header) == "a.b.c"


@pytest.mark.parametrize("header", [None, "", "  "])
def test_no_header_means_no_token(header):
    assert bearer(header) is None


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "a.b.c", "Basic dXNlcjpwYXNz", "Bearer a b", "Bearer: a", "Bearera.b.c", "Token a"]
)
def test_a_malformed_header_is_refused_with_what_to_send(header):
    with pytest.raises(TokenRefused, match='must be "Bearer", a space and the token'):
        bearer(header)


@pytest.mark.parametrize("name", ["Authorization", "authorization", "token", "authToken"])
@pytest.mark.parametrize("value", ["Bearer a.b.c", "bearer a.b.c", "a.b.c", " a.b.c "])
@pytest.mark.parametrize("nested", [False, True])
def test_the_token_of_a_connection_init(name, value, nested):
    payload = {name: value}
    assert from_connection_init({"headers": payload, "other": 7} if nested else payload) == "a.b.c"


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"other": "a.b.c"},
        {"token": None},
        {"Authorization": ""},
        {"authToken": " "},
        {"headers": None},
        {"headers": {}},
        {"headers": {"headers": {"token": "a.b.c"}}},
    ],
)
def test_a_connection_init_without_token(payload):
    assert from_connection_init(payload) is None


def test_an_empty_field_leaves_the_next_to_speak():
    assert from_connection_init({"Authorization": "", "token": None, "authToken": "a.b.c"}) == "a.b.c"
    assert from_connection_init({"token": "", "headers": {"authorization": "Bearer a.b.c"}}) == "a.b.c"
    assert from_connection_init({"token": "outer", "headers": {"authorization": "Bearer inner"}}) == "outer"


@pytest.mark.parametrize("wrong", [7, 0, True, False, [], ["a.b.c"], {}, {"token": "a.b.c"}])
@pytest.mark.parametrize("name", ["Authorization", "authorization", "token", "authToken"])
def test_a_token_that_is_no_text_is_refused_by_the_name_of_its_field(name, wrong):
    for payload in ({name: wrong}, {"headers": {name: wrong}}):
        with pytest.raises(TokenRefused, match=f"“{name}” in connection_init must be a text"):
            from_connection_init(payload)


@pytest.mark.parametrize(
    "payload", [[], "a.b.c", 7, {"headers": "Bearer a.b.c"}, {"headers": [["Authorization", "a.b.c"]]}]
)
def test_a_payload_that_is_no_object_is_refused(payload):
    with pytest.raises(TokenRefused, match="must be an object"):
        from_connection_init(payload)


@pytest.mark.parametrize("value", ["Basic dXNlcjpwYXNz", "Bearer a b", "a b"])
def test_a_field_of_several_words_must_be_a_bearer(value):
    with pytest.raises(TokenRefused, match="Bearer"):
        from_connection_init({"Authorization": value})
