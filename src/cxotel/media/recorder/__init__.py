"""What comes out of media quality: metrics, evidence for the score, and warnings.

`record_media`, which is also `cxotel.record_media`, takes a record that any reader of
`cxotel.media` made. `MediaRecorder` follows a call while it runs.
"""

from __future__ import annotations

from cxotel.media.recorder.live import MediaRecorder
from cxotel.media.recorder.telling import record_media

__all__ = ["MediaRecorder", "record_media"]
