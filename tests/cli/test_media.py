"""`cxotel media` as a user types it: what it prints of good files, and of bad ones."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from cxotel.cli import media_json, media_telling
from cxotel.cli.app import app
from cxotel.media.quality import MediaQuality
from tests.media.frames import call, pcap
from tests.media.vectors import VECTORS
from tests.source_tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

PAGE = (ROOT / "docs/media-quality.md").read_text("utf-8")
SAMPLES = {
    "call.pcap": "pcap/rx_pcmu5_nomarker.pcap",
    "opus.pcap": "pcap/rx_opus10.pcap",
    "phone.txt": "vq_rtcpxr/rfc6035_4.7.3_session.txt",
}
SHOWN = re.findall(r"^\$ cxotel media (.*)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with the files that the page shows."""
    for name, sample in SAMPLES.items():
        shutil.copy(VECTORS / sample, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def media(*arguments: str, given: bytes | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, ["media", *arguments], input=given)


def told(*arguments: str, given: bytes | None = None) -> list[dict[str, Any]]:
    """Run the command and return what it writes as JSON."""
    return json.loads(media(*arguments, "--json", given=given).stdout)["files"]


@pytest.mark.parametrize(("arguments", "output"), SHOWN, ids=[each[0] for each in SHOWN])
def test_what_the_page_shows_is_what_is_printed(arguments: str, output: str) -> None:
    """Whoever types what docs/media-quality.md shows gets what it shows."""
    ended = media(*arguments.split())
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, output, "")


def test_the_page_shows_something() -> None:
    """The three examples of the page are found."""
    assert len(SHOWN) == 3


def test_json_has_the_numbers_with_their_names() -> None:
    """Scripts get the rating, its costs and what was measured."""
    (file,) = told("call.pcap")
    (leg,) = file["legs"]
    assert (file["file"], file["kind"], file["error"]) == ("call.pcap", "capture", None)
    assert leg["judgement"]["model"] == "g107"
    assert leg["judgement"]["kind"] == "listening"
    assert round(leg["judgement"]["r"], 3) == 75.553
    assert (leg["class"], leg["worst"]) == ("some_dissatisfied", "loss")
    assert (leg["measured"]["packets"], leg["measured"]["lost"]) == (564, 34)
    assert "round_trip" not in leg["measured"]
    assert [each["what"] for each in leg["unknown"]] == ["delay", "discard"]


def test_every_name_in_json_is_documented() -> None:
    """Each name that can be written stands in the page."""
    named = set(re.findall(r"`(\w+)`", PAGE.partition("## JSON")[2].partition("## In Python")[0]))
    (file,) = told("call.pcap")
    (leg,) = file["legs"]
    written = {*file, *leg, *leg["judgement"], *leg["unknown"][0], *leg["measured"]}
    assert written <= named
    assert {*media_json.MEASURED, *media_json.BURST} <= named
    known = {field.name for field in fields(MediaQuality)} - {"judgements", "problems", "burst"}
    assert set(media_json.MEASURED) == known


def test_standard_input_is_judged() -> None:
    """A capture may come through a pipe."""
    (file,) = told("-", given=pcap(call()))
    assert (file["file"], len(file["legs"])) == ("-", 1)


def test_bad_files_stop_no_good_ones(folder: Path) -> None:
    """All files are judged; each that cannot be is told in a line; the exit code is 2."""
    (folder / "empty").touch()
    ended = media("missing", "call.pcap", ".", "a\0b", "empty", "phone.txt")
    assert ended.exit_code == 2
    assert "call.pcap  capture (pcap), 1 leg" in ended.stdout
    assert "phone.txt  SIP phone's report" in ended.stdout
    assert ended.stderr.splitlines() == [
        "missing: No such file or directory",
        ".: Is a directory",
        "a\0b: embedded null byte",
        "empty: the file is empty",
    ]
    files = {file["file"]: file["error"] for file in told("empty", "call.pcap")}
    assert files == {"empty": "the file is empty", "call.pcap": None}


def test_a_file_that_may_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says is passed on."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("cxotel.media.files.read", refuse)
    ended = media("call.pcap")
    assert (ended.exit_code, ended.stderr) == (2, "call.pcap: Permission denied\n")


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Captures need a library; everything else is judged without."""
    monkeypatch.setitem(sys.modules, "dpkt.pcap", None)
    ended = media("call.pcap", "phone.txt")
    assert ended.exit_code == 2
    assert ended.stderr == (
        "call.pcap: captures are read with dpkt, which is not installed; "
        "run: pip install 'cxotel[pcap]'\n"
    )
    assert "phone.txt" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--table", "mine"], "table must be one of itu, al-ahmadi"),
        (["--bitrate", "0"], "bitrate must lie between"),
        (["--delay", "-1"], "Invalid value for '--delay'"),
        ([], "Missing argument"),
    ],
)
def test_wrong_options_are_told(arguments: list[str], said: str) -> None:
    """An option that cannot be is exit code 2."""
    ended = media(*arguments, *(["call.pcap"] if arguments else []))
    assert ended.exit_code == 2
    assert said in ended.stderr


def test_the_worst_leg_is_named_first() -> None:
    """Of several legs, the one to look at stands at the top."""
    first = [(time, ip) for time, ip in call(lost=range(10, 20))]
    second = call(ssrc=9)
    ended = media("-", given=pcap(sorted([*first, *second])))
    assert (
        "\n  worst: 192.0.2.1:4000 > 192.0.2.2:5000, source 2468abcd, R 35, MOS 1.8\n"
        in ended.stdout
    )


def test_legs_on_other_scales_say_so() -> None:
    """An R of a wideband call is told with the end of its scale."""
    ended = media(str(VECTORS / "vq_rtcpxr/polycom_2015_alert.txt"))
    assert "  R 106 of 129, MOS 4.1: satisfied  (ITU-T G.107.1, conversation)\n" in ended.stdout
    assert "  told      R 82, MOS 3.4 (the reporter's own model, conversation)\n" in ended.stdout


def test_a_file_cannot_take_over_the_terminal(folder: Path) -> None:
    """Control characters in names that a file gives are not printed, and names end somewhere."""
    report = {"\x1b[2J" + "name " * 200: [{"type": "inbound-rtp", "kind": "audio", "ssrc": 7}]}
    (folder / "dump.json").write_text(json.dumps(report))
    ended = media("dump.json")
    assert ended.exit_code == 0
    assert "\x1b" not in ended.stdout
    assert media_telling.clean("a\u200b\ud800\n") == "a???"
    assert max(map(len, ended.stdout.splitlines())) < 420


@pytest.mark.parametrize("sample", ["pcap", "getstats", "vq_rtcpxr"])
def test_every_sample_is_told_in_words_and_in_json(sample: str) -> None:
    """The command ends well with every sample, and both forms tell the same legs."""
    names = [
        str(path) for path in sorted((VECTORS / sample).iterdir()) if path.name != "expected.json"
    ]
    ended = media(*names)
    assert (ended.exit_code, ended.stderr) == (0, "")
    legs = [leg for file in told(*names) for leg in file["legs"]]
    rated = [line for line in ended.stdout.splitlines() if re.match(r"  (R|MOS) \d", line)]
    assert len(rated) == sum(leg["judgement"] is not None for leg in legs)
    assert ended.stdout.count("\n  not rated") == sum(leg["judgement"] is None for leg in legs)


def test_the_command_as_a_program(folder: Path) -> None:
    """Started as users start it, in a process of its own, with a pipe."""
    run = subprocess.run(
        [sys.executable, "-c", "from cxotel.cli import main; main()", "media", "-"],
        input=(folder / "call.pcap").read_bytes(),
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0
    assert run.stdout.startswith(b"-  capture (pcap), 1 leg\n")
    assert run.stderr == b""
