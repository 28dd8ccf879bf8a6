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
