"""The programs that live tests run, and how to say that one is absent."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

CHROMIUM: Final = next(
    filter(shutil.which, ("chromium", "chromium-browser", "google-chrome")), None
)
TSHARK: Final = shutil.which("tshark")
DUMPCAP: Final = shutil.which("dumpcap")
SIPP: Final = shutil.which("sipp")
SOUNDS: Final = Path("/usr/share/sip-tester")
"""Where Debian's SIPp keeps the sound that its scenario plays."""

needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not on PATH")
needs_sipp = pytest.mark.skipif(
    SIPP is None or not SOUNDS.is_dir(),
    reason="sipp and its sounds (Debian: sip-tester) are absent",
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")
