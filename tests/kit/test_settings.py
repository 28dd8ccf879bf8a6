"""Settings as they come: from the environment, as text."""

from typing import Literal, get_args, get_origin

import pytest

from kit.errors import SetupError
from kit.settings import Settings, load_settings

CHOICES = [
    (name, choice)
    for name, field in Settings.model_fields.items()
    if get_origin(field.annotation) is Literal
    for choice in get_args(field.annotation)
]


@pytest.mark.parametrize(("name", "choice"), CHOICES)
def test_every_choice_of_a_setting_can_be_made_by_the_environment(monkeypatch, name, choice):
    monkeypatch.setenv(name.upper(), str(choice))
    assert getattr(load_settings(_env_file=None), name) == choice


@pytest.mark.parametrize("choice", ["1000", "soon", "", "1012.0"])
def test_another_close_code_is_refused_by_name(monkeypatch, choice):
    monkeypatch.setenv("WS_CLOSE_CODE_ON_STOP", choice)
    with pytest.raises(SetupError, match=r"WS_CLOSE_CODE_ON_STOP .*1001 or 1012"):
        load_settings(_env_file=None)


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ("https://club.example", ("https://club.example",)),
        (" https://club.example/ , http://localhost:5173,", ("https://club.example", "http://localhost:5173")),
        ("capacitor://localhost,http://[::1]:8080", ("capacitor://localhost", "http://[::1]:8080")),
        ("*", ("*",)),
        ("", ()),
    ],
)
def test_origins_are_taken_as_browsers_send_them(monkeypatch, given, origins):
    monkeypatch.setenv("ALLOWED_ORIGINS", given)
    assert load_settings(_env_file=None).allowed_origins == origins


@pytest.mark.parametrize(
    "given", ["club.example", "https://club.example/board", "https://*.club.example", "a b://c", "HTTPS://A"]
)
def test_what_no_browser_would_send_as_an_origin_is_refused(monkeypatch, given):
    monkeypatch.setenv("ALLOWED_ORIGINS", f"https://club.example,{given}")
    with pytest.raises(SetupError, match=r"ALLOWED_ORIGINS names .* not an origin like https://club.example"):
        load_settings(_env_file=None)


def test_no_check_of_a_setting_hides_another_of_its_name():
    """A class that names a check as one of its bases does puts its own in that one's place, in silence."""
    kinds = [kind for kind in Settings.__mro__ if "__pydantic_decorators__" in vars(kind)]
    for kind in kinds:
        for name, made in kind.__pydantic_decorators__.field_validators.items():
            assert made.info == Settings.__pydantic_decorators__.field_validators[name].info, (kind, name)


@pytest.mark.parametrize(
    "given", ["https://localhost", "mailto:golf@localhost", "http://club.example", "golf@club.example"]
)
def test_a_contact_that_push_services_refuse_is_refused(monkeypatch, given):
    monkeypatch.setenv("VAPID_SUBJECT", given)
    with pytest.raises(SetupError, match=r"VAPID_SUBJECT .*push services refuse others"):
        load_settings(_env_file=None)


LISTED = [name for name, field in Settings.model_fields.items() if get_origin(field.annotation) is tuple]


@pytest.mark.parametrize("name", LISTED)
def test_every_setting_of_several_is_separated_by_commas(monkeypatch, name):
    monkeypatch.setenv(name.upper(), "https://one.example, https://two.example")
    assert getattr(load_settings(_env_file=None), name) == ("https://one.example", "https://two.example")
