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
