"""The commands as a user types them: what they print, and how they end."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from cxotel.cli import main
from cxotel.cli.app import app
from cxotel.cli.journey import document
from cxotel.reading import open_source
from cxotel.reading.assemble import assemble
from tests.cli.backends import Store, answering, jaeger_213
from tests.cli.sample import JOURNEY, OWNERS
from tests.otlp_receiver import OtlpReceiver
from tests.setup.programs import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer.testing import Result

STORY = """\
refund  refund-7
score 46  not recommended
outcome: unresolved
1 contact, 2 segments, 24 h from 2026-01-01 12:00:00 UTC

who lost the points
    34.0  resolution     unresolved
     8.7  reach          queue billing, 240 s
     7.0  effort         cold transfer
     6.2  responsiveness salesforce in find order: 9.2 s of waiting
     0.6  responsiveness salesforce: 4.0 s of waiting
  blamed: contact_center, 28% of what was lost

cxotel-testing, voice, contact c-1, 2026-01-01 12:00:00 UTC  score 46
       0 ms      300 ms  authenticate
       0 ms      300 ms    verify_factor okta
     300 ms       9.2 s  find order
     300 ms       9.0 s    query_case salesforce                       -7
      9.3 s      250 ms    query_order salesforce                      failed: 503
      9.6 s   4 min 0 s  wait billing                                  -9
 4 min 10 s              handoff: transfer cold, billing, no match
 4 min 10 s              effort: transfer cold                         -7
 4 min 11 s              feedback: csat 2 of 1 to 5
 4 min 11 s              outcome: unresolved
 4 min 11 s              resolution: unresolved                        -34

cxotel-testing, voice, 2026-01-02 12:04:10 UTC  score 91
       0 ms       4.0 s  update_case salesforce                        -3
"""


def cxotel(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, arguments)


def test_a_journey_is_told_as_a_story(journey_file: Path) -> None:
    """One command shows what came of a journey, who lost the points, and what happened when."""
    ended = cxotel("journey", JOURNEY, "--from", str(journey_file))
    assert (ended.exit_code, ended.stdout) == (0, STORY)


def test_a_story_is_the_same_from_jaeger(journey_file: Path) -> None:
    """Where a journey is kept makes no difference."""
    with answering(jaeger_213, Store(journey_file)) as url:
        ended = cxotel("journey", JOURNEY, "--from", "jaeger", "--endpoint", url)
    assert (ended.exit_code, ended.stdout) == (0, STORY)


def test_a_journey_as_json(journey_file: Path) -> None:
    """Scripts get the score, the reasons and the moments as numbers."""
    ended = cxotel("journey", JOURNEY, "--from", str(journey_file), "--json")
    told: dict[str, Any] = json.loads(ended.stdout)
    assert (ended.exit_code, told["score"], told["class"]) == (0, 46, "not_recommended")
    (contact,) = told["contacts"]
    assert contact["lost"]["effort"] == 7.0
    assert [segment["exact"] for segment in told["segments"]] == [True, False]
    assert told["segments"][0]["moments"][1]["text"] == "verify_factor okta"
    journey = assemble(JOURNEY, open_source(journey_file).spans(JOURNEY))
    assert told == json.loads(json.dumps(document(journey)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["other-1", "--from", "FILE"], "knows no journey other-1; it knows refund-7"),
        (["a b", "--from", "FILE"], "cannot be a journey's id"),
        (["j", "--from", "/nowhere"], "/nowhere cannot be read: No such file"),
        (["j", "--from", "jaeger", "--endpoint", "127.0.0.1:9"], "Name it with --endpoint"),
        (["j"], "journeys.jsonl cannot be read: No such file"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    arguments: list[str],
    said: str,
    journey_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A journey or a source that is not there is said on standard error, with exit code 2."""
    monkeypatch.chdir(tmp_path)
    given = [str(journey_file) if each == "FILE" else each for each in arguments]
    ended = cxotel("journey", *given)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_an_owner_that_the_settings_name(
    journey_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings here name an owner where the service knew none."""
    monkeypatch.setenv("CXOTEL_OWNERS", "contact_center=voice-team")
    ended = cxotel("journey", JOURNEY, "--from", str(journey_file))
    assert "blamed: contact_center, 28% of what was lost; owner: voice-team" in ended.stdout
    assert "contact_center" not in OWNERS


def test_a_terminal_gets_colours_and_bars(journey_file: Path) -> None:
    """In a terminal the same story has colours and a bar for each moment's place in time."""
    shown = _in_terminal(["journey", JOURNEY, "--from", str(journey_file)])
    assert "\x1b[" in shown
    assert re.search(r"━━+.*wait billing", shown)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
    assert "score 46  not recommended" in bare


def _in_terminal(arguments: list[str]) -> str:
    """Run a command with a terminal for its output."""
    ours, theirs = pty.openpty()
    code = "import sys; from cxotel.cli import main; sys.exit(main())"
    environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}
    environ.pop("NO_COLOR", None)
    running = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=theirs, env=environ)
    os.close(theirs)
    shown = b""
    while True:
        try:
            more = os.read(ours, 65_536)
        except OSError:
            break  # Linux's end of a terminal that nobody holds any more
        if not more:
            break
        shown += more
    os.close(ours)
    assert running.wait() == 0
    return shown.decode()


@pytest.fixture
def receiver() -> Iterator[OtlpReceiver]:
    """Run an OTLP receiver."""
    with OtlpReceiver() as running:
        yield running


def doctor(monkeypatch: pytest.MonkeyPatch, *arguments: str, **environ: str) -> Result:
    """Run the doctor in an environment of variables."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return cxotel("doctor", *arguments)


def test_all_is_well(receiver: OtlpReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a receiver that answers, one screen says what is there and that a test span arrived."""
    ended = doctor(monkeypatch, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.grpc_endpoint)
    assert ended.exit_code == 0, ended.stdout
    assert re.search(r"ok   twilio +twilio [\d.]+, ready", ended.stdout)
    assert "opentelemetry-instrument will observe its calls" in ended.stdout
    where = f"to {receiver.grpc_endpoint} (grpc, OTEL_EXPORTER_OTLP_ENDPOINT)"
    assert f"ok   traces   {where}: a test span arrived" in ended.stdout
    assert ended.stdout.endswith("all is well\n")
    *_, rest = ended.stdout.partition("tables of routes")  # after one line for each library
    assert len(rest.splitlines()) <= 30
    (span,) = receiver.spans()
    assert (span.name, span.resource["service.name"]) == ("cxotel doctor", "cxotel-doctor")


def test_no_colours_where_it_is_piped(
    receiver: OtlpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is piped, help included, has no colours and no drawing."""
    ended = doctor(monkeypatch, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.http_endpoint)
    helped = [cxotel("--help"), cxotel("journey", "--help")]
    for text in (ended.stdout, *(each.stdout for each in helped)):
        assert text.isascii()
        assert "\x1b" not in text


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telemetry that does not arrive is a problem with a remedy, and exit code 1."""
    ended = doctor(monkeypatch, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert ended.exit_code == 1
    assert "!!   traces   to http://127.0.0.1:9" in ended.stdout
    assert "nothing listens at 127.0.0.1:9" in ended.stdout
    assert "-> Start an OTLP receiver there" in ended.stdout
    assert ended.stdout.endswith("2 problems found\n")


def test_a_backend_for_traces_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that takes no metrics is told with the variable that ends it."""
    for endpoint in ("grpc_endpoint", "http_endpoint"):
        with OtlpReceiver(takes=["traces"]) as box:
            protocol = "grpc" if endpoint == "grpc_endpoint" else "http/protobuf"
            ended = doctor(
                monkeypatch,
                OTEL_EXPORTER_OTLP_ENDPOINT=getattr(box, endpoint),
                OTEL_EXPORTER_OTLP_PROTOCOL=protocol,
            )
        assert ended.exit_code == 1
        assert "a test span arrived" in ended.stdout
        assert "-> Set OTEL_METRICS_EXPORTER=none" in ended.stdout


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"OTEL_SDK_DISABLED": "true"}, "-> Unset OTEL_SDK_DISABLED"),
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "no traces exporter is called 'zipkin'"),
        ({"OTEL_CONFIG_FILE": "/nowhere.yaml"}, "OTEL_CONFIG_FILE"),
        ({"CXOTEL_FILE": "/nowhere/x.jsonl"}, "/nowhere/x.jsonl cannot be written"),
        ({"CXOTEL_CONFIG": "/nowhere.toml"}, "/nowhere.toml: cannot be read"),
        ({"CXOTEL_VENDORS_OFF": "twillio"}, "named in the settings, but there is no such vendor"),
        ({"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "cxotel"}, "leaves cxotel off"),
    ],
)
def test_what_is_wrong_is_found(
    environ: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mistake in the configuration is found before an application runs into it."""
    ended = doctor(monkeypatch, "--no-send", **environ)
    assert ended.exit_code == 1, ended.stdout
    assert said in ended.stdout


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"OTEL_TRACES_EXPORTER": "none"}, "note traces   OTEL_TRACES_EXPORTER=none"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "ok   traces   to the exporter console"),
        ({"CXOTEL_FILE": "journeys.jsonl"}, "appended to journeys.jsonl"),
        ({"CXOTEL_VENDORS_OFF": "twilio"}, "switched off in the settings"),
        ({"CXOTEL_PSEUDONYM_KEY": "0123456789abcdef"}, "pseudonyms have a key"),
    ],
)
def test_what_is_chosen_is_told(
    environ: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was configured on purpose is told, and is no problem."""
    ended = doctor(monkeypatch, "--no-send", **environ)
    assert ended.exit_code == 0, ended.stdout
    assert said in ended.stdout


def test_a_file_beside_a_distro(monkeypatch: pytest.MonkeyPatch) -> None:
    """A distro's exporters stay beside the file: that is told with the variables that end it."""
    from cxotel.cli import libraries

    monkeypatch.setattr(libraries, "_distros", lambda: ["opentelemetry-distro"])
    monkeypatch.delenv("OTEL_TRACES_EXPORTER", raising=False)
    ended = doctor(monkeypatch, "--no-send", CXOTEL_FILE="journeys.jsonl")
    assert ended.exit_code == 0, ended.stdout
    assert "opentelemetry-distro sets the SDK up, and its own exporters stay" in ended.stdout
    assert "-> For the file alone set OTEL_TRACES_EXPORTER=none" in ended.stdout
    silenced = doctor(monkeypatch, "--no-send", OTEL_TRACES_EXPORTER="none")
    assert "its own exporters stay" not in silenced.stdout


def test_versions_outside_the_proved_range(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client library of a version that was not proved is a problem, one not there is none."""
    from cxotel.engine import requirements

    def check(requires: tuple[str, ...]) -> requirements.Found:
        name = requires[0].split()[0]
        if name == "twilio":
            return requirements.Found({"twilio": "7.0"}, None, "twilio 7.0 is outside >=8")
        return requirements.Found({}, name, None)

    monkeypatch.setattr(requirements, "check", check)
    ended = doctor(monkeypatch, "--no-send")
    assert ended.exit_code == 1
    assert "!!   twilio          twilio 7.0 is outside >=8" in ended.stdout
    assert "-> Run: pip install 'twilio" in ended.stdout
    assert re.search(r"- +not installed: [\w,\s]*\bsalesforce,", ended.stdout)


def test_no_client_library_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A doctor that was run with the wrong Python says so."""
    from cxotel.engine import requirements

    def check(requires: tuple[str, ...]) -> requirements.Found:
        return requirements.Found({}, requires[0], None)

    monkeypatch.setattr(requirements, "check", check)
    ended = doctor(monkeypatch, "--no-send")
    assert ended.exit_code == 1
    assert "-> Run cxotel doctor with the Python of your application" in ended.stdout


def test_what_is_instrumented_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where instrumentation runs already, as under opentelemetry-instrument, that is told."""
    import cxotel as library

    with library.instrument("twilio"):
        ended = doctor(monkeypatch, "--no-send")
    assert re.search(r"twilio \S+: instrumented here", ended.stdout)


def test_the_doctor_as_json(receiver: OtlpReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts get every finding, and the number of problems."""
    ended = doctor(
        monkeypatch,
        "--json",
        OTEL_EXPORTER_OTLP_ENDPOINT=receiver.http_endpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL="grpc",
    )
    told: dict[str, Any] = json.loads(ended.stdout)
    assert (ended.exit_code, told["problems"]) == (1, 2)
    wrong = [finding for finding in told["findings"] if finding["state"] == "problem"]
    assert {finding["subject"] for finding in wrong} == {"traces", "metrics"}
    assert "speaks HTTP, not gRPC" in wrong[0]["text"]
    assert told["versions"]["cxotel"]


def test_help_says_whole_sentences() -> None:
    """The line on each command is not cut off in a terminal of 80 columns."""
    _, _, commands = cxotel("--help").stdout.partition("Commands:\n")
    lines = commands.splitlines()
    assert [line.split()[0] for line in lines] == [
        "doctor",
        "journey",
        "media",
        "demo",
        "dashboards",
        "analyze",
        "routes",
    ]
    assert [line for line in lines if not line.endswith(".") or line.endswith("...")] == []


def test_the_version() -> None:
    """`cxotel --version` prints the version alone."""
    from cxotel.version import version

    assert cxotel("--version").stdout == f"{version()}\n"


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_a_missing_extra_is_one_line(missing: str) -> None:
    """Without the extra, the command says in one line how to get it."""
    ran = run(
        f"""
        import sys
        sys.modules[{missing!r}] = None
        from cxotel.cli import main
        sys.exit(main())
        """
    )
    assert ran.code == 2
    (line,) = ran.log
    assert line.startswith(f"The command line needs {missing}")
    assert line.endswith("run: pip install 'cxotel[cli]'")


def test_the_demo_without_its_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's own extra is named where it is missing."""
    monkeypatch.setitem(sys.modules, "cxotel.demo.command", None)
    ended = cxotel("demo")
    assert ended.exit_code == 2
    assert "pip install 'cxotel[demo]'" in ended.stderr


def test_the_demo_is_handed_its_options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command's options reach the demo, and its exit code is the command's."""
    given: dict[str, Any] = {}

    class Command:
        @staticmethod
        def run(**options: Any) -> int:
            given.update(options)
            return 1

    monkeypatch.setitem(sys.modules, "cxotel.demo.command", Command)  # type: ignore[arg-type]
    monkeypatch.chdir(tmp_path)
    ended = cxotel("demo", "--seed", "7", "--otlp-endpoint", "http://localhost:4317")
    assert ended.exit_code == 1
    assert given["seed"] == 7
    assert given["otlp_endpoint"] == "http://localhost:4317"
    assert given["file"] == Path("journeys.jsonl")


def test_the_entry_point_runs(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """`cxotel` without a command shows what there is."""
    monkeypatch.setattr(sys, "argv", ["cxotel", "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "doctor" in capsys.readouterr().out
