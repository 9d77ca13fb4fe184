"""Policies by name and parameters; every mistake gets a sentence that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from pursuit.policies.base import Policy, chosen
from pursuit.policies.escort import Escort
from pursuit.policies.interceptor import Interceptor
from pursuit.policies.registry import PolicyError, describe, installed, make, names, register, spelled


@pytest.mark.parametrize("name", names())
def test_every_name_makes_a_policy_and_has_a_line(name: str) -> None:
    policy = make(name)
    assert isinstance(policy, Policy)
    about = describe(name)
    assert about.name == policy.name == name
    assert about.summary.endswith(".") and about.sides and about.version >= 1
    assert all(p.help for p in about.params)


def test_parameters_are_typed_and_have_defaults() -> None:
    assert make("interceptor(patience=3)").patience == 3  # type: ignore[attr-defined]
    assert make(" interceptor ( patience = 3 , near = 0 ) ").near == 0  # type: ignore[attr-defined]
    assert make("escort(wary=false)").wary is False  # type: ignore[attr-defined]
    assert chosen(make("interceptor")) == {"patience": 25, "near": 3}
    assert spelled(make("interceptor(near=3)")) == "interceptor"
    assert spelled(make("interceptor(near=4)")) == "interceptor(near=4)"
    assert make(spelled(make("escort(wary=False, shield=2)"))).shield == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("intercepter", "'intercepter' is not a policy; did you mean 'interceptor'?"),
        ("qqq", "'qqq' is not a policy; there is beeline, belief_hunter, cues"),
        ("interceptor(patients=3)", "interceptor has no parameter 'patients'; did you mean 'patience'?"),
        ("stand_still(x=3)", "stand_still has no parameter 'x'"),
        ("interceptor(patience=3.5)", "interceptor(patience=…) wants a whole number, not 3.5"),
        ("interceptor(patience=true)", "interceptor(patience=…) wants a whole number, not True"),
        ("escort(wary=1)", "escort(wary=…) wants true or false, not 1"),
        ("interceptor(patience=-1)", "interceptor(patience=…) lies between 0 and 1000, not -1"),
        ("interceptor(3)", "cannot read the parameters of 'interceptor(3)'; write them as (name=value"),
        ("interceptor(patience=)", "cannot read the parameters"),
        ("interceptor(patience=__import__('os'))", "cannot read the parameters"),
        ("interceptor(", "is not a policy; write NAME, NAME(parameter=value) or MODULE:CLASS"),
        ("", "'' is not a policy; write NAME"),
        ("no.such.module:Class", "cannot import 'no.such.module' for the policy 'no.such.module:Class'"),
        ("pursuit.policies.escort:Escrot", "has no class 'Escrot'; did you mean 'Escort'?"),
        ("pursuit.policies.base:Param", "is not a policy: a policy is a dataclass with name, version"),
    ],
)
def test_mistakes(spec: str, message: str) -> None:
    with pytest.raises(PolicyError) as error:
        make(spec)
    assert message in str(error.value)


def test_a_class_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_hunter.py").write_text(
        "from dataclasses import dataclass\n"
        "from typing import ClassVar\n"
        "from pursuit.policies.beeline import Beeline\n"
        "@dataclass(eq=False)\n"
        "class Mine(Beeline):\n"
        "    '''A hunter of my own.'''\n"
        "    name: ClassVar[str] = 'mine'\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert make("my_hunter:Mine(patience=4)").patience == 4  # type: ignore[attr-defined]
    assert describe("my_hunter:Mine").summary == "A hunter of my own."


def test_an_installed_package_adds_its_policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "their_policies.py").write_text(
        "from pursuit.policies.runner import Runner\n"
        "class Sprinter(Runner):\n"
        '    """A runner of theirs."""\n'
        "    name = 'sprinter'\n"
    )
    about = tmp_path / "their_policies-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: their-policies\nVersion: 1.0\n")
    points = "[pursuit.policies]\nsprinter = their_policies:Sprinter\nbeeline = their_policies:Sprinter\n"
    (about / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(str(tmp_path))
    installed.cache_clear()
    try:
        assert installed() == {"sprinter": "their_policies:Sprinter"}, "a name of ours stays ours"
        assert "sprinter" in names() and len(set(names())) == len(names())
        assert make("sprinter(patience=4)").patience == 4  # type: ignore[attr-defined]
        assert describe("sprinter").summary == "A runner of theirs."
    finally:
        installed.cache_clear()


def test_a_name_is_given_once() -> None:
    with pytest.raises(PolicyError, match="registered already"):
        register(Interceptor)
    with pytest.raises(PolicyError, match="it lacks act"):
        register(type("Half", (), {"name": "half", "version": 1, "sides": (), "init": Escort.init}))
