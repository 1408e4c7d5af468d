"""Settings: where they come from, which stands above which, and what is said about wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel import settings
from cxotel.privacy import policy
from cxotel.settings import Settings, SettingsError, load
from cxotel.settings.schema import ENTRIES, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLE = """
[export]
service_name = "refund-bridge"
endpoint = "http://collector:4318"
protocol = "http/protobuf"
file = "journeys.jsonl"

[privacy]
classes = ["public", "pseudonymous", "personal"]
key_env = "REFUND_KEY"

[owners]
salesforce = "crm-team"
ai = "bot-team"

[vendors]
twilio = false

[propagation]
carry = ["amazon_connect"]

[sampler]
ratio = 0.25

[limits]
body_bytes = 1000
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of a settings file that sets everything."""
    path = tmp_path / "cxotel.toml"
    path.write_text(WHOLE)
    return path


@pytest.fixture(autouse=True)
def nothing_in_force() -> Iterator[None]:
    """Start and end each test with no settings in force."""
    settings.deactivate()
    yield
    settings.deactivate()


def test_a_file_sets_everything(file: Path) -> None:
    """Each key of the settings file arrives in its typed place."""
    loaded = load(file, environ={"REFUND_KEY": "0123456789abcdef"})
    assert loaded.export.service_name == "refund-bridge"
    assert loaded.export.endpoint == "http://collector:4318"
    assert loaded.export.protocol == "http/protobuf"
    assert loaded.export.file == "journeys.jsonl"
    assert loaded.privacy.classes == {"public", "pseudonymous", "personal"}
    assert loaded.privacy.key == b"0123456789abcdef"
    assert (loaded.observes("twilio"), loaded.observes("salesforce")) == (False, True)
    assert loaded.carry == {"amazon_connect"}
    assert loaded.sample_ratio == 0.25
    assert loaded.body_bytes == 1000


def test_the_variable_names_the_file(file: Path) -> None:
    """Without a path the file is the one that CXOTEL_CONFIG names."""
    loaded = load(environ={"CXOTEL_CONFIG": str(file), "REFUND_KEY": "0123456789abcdef"})
    assert loaded.export.service_name == "refund-bridge"


def test_arguments_above_environment_above_file(file: Path) -> None:
    """An argument wins over the environment, and that over the file."""
    environ = {"REFUND_KEY": "0123456789abcdef", "CXOTEL_SAMPLE_RATIO": "0.5"}
    assert load(file, environ=environ).sample_ratio == 0.5
    assert load(file, environ=environ, given={"sampler": {"ratio": 1}}).sample_ratio == 1.0


def test_every_variable_sets_its_setting(tmp_path: Path) -> None:
    """Each CXOTEL_ variable does what the same key of the file does."""
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef\n")
    loaded = load(
        environ={
            "CXOTEL_FILE": "out.jsonl",
            "CXOTEL_PRIVACY_CLASSES": "public, content",
            "CXOTEL_PSEUDONYM_KEY_FILE": str(secret),
            "CXOTEL_OWNERS": "salesforce=crm-team, ai = bot-team",
            "CXOTEL_VENDORS_OFF": "twilio,salesforce",
            "CXOTEL_CARRY": "amazon_connect",
            "CXOTEL_BODY_LIMIT": "0",
        }
    )
    assert loaded.export.file == "out.jsonl"
    assert loaded.privacy.classes == {"public", "content"}
    assert loaded.privacy.key == b"0123456789abcdef"
    assert loaded.owner("salesforce") == "crm-team"
    assert loaded.owner("dialogflow", "ai") == "bot-team"
    assert not loaded.observes("salesforce")
    assert loaded.carry == {"amazon_connect"}
    assert loaded.body_bytes == 0


def test_a_system_has_an_owner_before_its_layer() -> None:
    """A system's own owner stands above the owner of its layer, and nobody is nobody."""
    loaded = load(environ={}, given={"owners": {"lex": "lex-team", "ai": "bot-team"}})
    assert loaded.owner("lex", "ai") == "lex-team"
    assert loaded.owner("twilio", "contact_center") is None
    assert loaded.owner(None) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[sampler]\nratio = 3", "sampler.ratio must be a number from 0 to 1, not 3"),
        ("[sampler]\nratio = true", "sampler.ratio must be a number from 0 to 1, not True"),
        ('[limits]\nbody_bytes = "lots"', 'a whole number of bytes, 0 or more, not "lots"'),
        ('[vendors]\ntwilio = "no"', 'vendors.twilio must be true or false, not "no"'),
        ("[owners]\nai = 7", "owners.ai must be the owner's name, not 7"),
        ("[export]\nprotocol = 'http'", 'export.protocol must be "grpc" or "http/protobuf"'),
        (
            "[privacy]\nclasses = ['secret']",
            "privacy.classes must be a list of public, pseudonymous",
        ),
        ("[sampler]\nration = 1", "unknown key sampler.ration; did you mean ratio?"),
        ("[vendor]\ntwilio = true", "unknown section [vendor]; did you mean vendors?"),
        ("sampler = 1", "sampler must be a section, not 1"),
        ("[sampler\n", "is not TOML"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(
    tmp_path: Path, text: str, complaint: str
) -> None:
    """An error names the file, the key, what was expected and what was found."""
    path = tmp_path / "cxotel.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as error:
        load(path, environ={})
    assert str(error.value).startswith(f"{path}: ")
    assert complaint in str(error.value)


def test_rules_of_the_score_are_read_and_checked(tmp_path: Path) -> None:
    """Changed rules change the algorithm's name, and a wrong one is named with its file."""
    path = tmp_path / "cxotel.toml"
    path.write_text("[score.reach]\ncap = 20")
    assert load(path, environ={}).score.algorithm.startswith("cxotel/1+")
    assert load(environ={}).score.algorithm == "cxotel/1"
    path.write_text("[score.reach]\ncap = 'much'")
    with pytest.raises(SettingsError, match=r"cxotel\.toml: \[score\] .*reach.*cap"):
        load(path, environ={})
    path.write_text("score = 7")
    with pytest.raises(SettingsError, match="score must be a section of score rules, not 7"):
        load(path, environ={})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A settings file that is not there is an error, not a silent default."""
    with pytest.raises(SettingsError, match=r"gone\.toml: cannot be read: No such file"):
        load(tmp_path / "gone.toml", environ={})


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("CXOTEL_SAMPLE_RATIO", "half", 'must be a number from 0 to 1, not "half"'),
        ("CXOTEL_BODY_LIMIT", "1.5", 'must be a whole number of bytes, 0 or more, not "1.5"'),
        ("CXOTEL_OWNERS", "crm", 'must be names, such as salesforce = "crm-team", not "crm"'),
        ("CXOTEL_PSEUDONYM_KEY", "short", ": the key for pseudonyms needs at least 16 bytes"),
        ("CXOTEL_PSEUDONYM_KEY_FILE", "/nowhere/key", ": cannot read the key in /nowhere/key"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str, complaint: str) -> None:
    """An error in the environment names the variable; a secret is never repeated."""
    with pytest.raises(SettingsError) as error:
        load(environ={name: value})
    assert str(error.value).startswith(name)
    assert complaint in str(error.value)
    assert "short" not in str(error.value).replace("shorter", "")


def test_a_key_variable_that_is_not_set_is_an_error() -> None:
    """Pseudonyms that were asked for do not quietly turn into none."""
    with pytest.raises(SettingsError, match=r"privacy\.key_env names REFUND_KEY, which is not set"):
        load(environ={}, given={"privacy": {"key_env": "REFUND_KEY"}})


def test_the_secret_is_not_printed() -> None:
    """Whoever logs the settings does not log the secret of the pseudonyms."""
    loaded = load(environ={"CXOTEL_PSEUDONYM_KEY": "0123456789abcdef"})
    assert "0123456789abcdef" not in repr(loaded)


def test_settings_in_force_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a line of code the environment's settings hold, the privacy policy included."""
    monkeypatch.setenv("CXOTEL_PRIVACY_CLASSES", "public")
    monkeypatch.setenv("CXOTEL_BODY_LIMIT", "7")
    assert settings.active().body_bytes == 7
    assert policy().classes == {"public"}


def test_a_broken_configuration_costs_one_log_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """The application goes on with the defaults, and one line says which file to put right."""
    path = tmp_path / "broken.toml"
    path.write_text("[sampler]\nratio = 3")
    monkeypatch.setenv("CXOTEL_CONFIG", str(path))
    assert settings.active() == Settings()
    assert settings.active() == Settings()
    (record,) = caplog.records
    assert f"{path}: sampler.ratio must be" in record.getMessage()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
sections = st.sampled_from([*SECTIONS, "other"])
names = st.sampled_from([key.partition(".")[2] or "twilio" for key in ENTRIES])


@given(st.dictionaries(sections, st.dictionaries(names, anything) | anything, max_size=4))
def test_any_document_loads_or_is_refused(document: dict[str, Any]) -> None:
    """Whatever stands in a file, the answer is settings or an error that can be shown."""
    answer: str | Settings
    try:
        answer = load(environ={}, given=document)
    except SettingsError as error:
        answer = str(error)
    assert isinstance(answer, Settings) or "\n" not in answer
