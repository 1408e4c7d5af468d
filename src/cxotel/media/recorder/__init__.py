"""What comes out of media quality: metrics, evidence for the score, and warnings.

`record_media` takes a record that any reader of `cxotel.media` made.
"""

from __future__ import annotations

from cxotel.media.recorder.telling import record_media

__all__ = ["record_media"]
