r"""Files in which a call left its traces, recognised by what is in them, read and judged.

Captures of RTP and RTCP, exports and dumps of WebRTC's `getStats()`, the reports of SIP phones
(RFC 6035), and vendors' reports. Nothing of a file is sent anywhere.

Example:
    >>> import io
    >>> body = b"VQSessionReport: CallTerm\r\nCallID:1@a\r\nLocalMetrics:\r\nSessionDesc:PT=0\r\n"
    >>> file = io.BytesIO(body + b"PacketLoss:NLR=2.0 JDR=1.0\r\nDelay:RTD=160\r\n")
    >>> reading = read(file)
    >>> (leg,) = reading.legs
    >>> leg.assessment.satisfaction, [name for name, points in leg.assessment.lost]
    ('satisfied', ['loss', 'discard'])
"""

from __future__ import annotations

from cxotel.media.errors import MalformedError
from cxotel.media.files.assessment import Assessment, Unknown, assess
from cxotel.media.files.errors import MissingLibraryError
from cxotel.media.files.hints import Hints
from cxotel.media.files.reading import Leg, Reading, read

__all__ = [
    "Assessment",
    "Hints",
    "Leg",
    "MalformedError",
    "MissingLibraryError",
    "Reading",
    "Unknown",
    "assess",
    "read",
]
