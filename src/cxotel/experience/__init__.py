"""Score journeys: evidence, ledger, rules and the processor that applies them."""

from __future__ import annotations

from cxotel.experience import profiles
from cxotel.experience.evidence import Impairment
from cxotel.experience.ledger import Ledger
from cxotel.experience.record import JourneyRecord
from cxotel.experience.rules import Rules
from cxotel.experience.score import Score, score

__all__ = ["Impairment", "JourneyRecord", "Ledger", "Rules", "Score", "profiles", "score"]
