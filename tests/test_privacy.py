"""What may leave the process."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel import privacy, semconv

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = b"0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def default_policy() -> Iterator[None]:
    """Begin and end with the policy that a user starts with."""
    privacy.set_policy(privacy.Policy())
    yield
    privacy.set_policy(privacy.Policy())


def test_by_default_personal_data_and_content_stay() -> None:
    """Each key of the registry leaves or stays by its class; keys of others are their affair."""
    leaving = {key for key in semconv.PRIVACY if privacy.permitted(key)}
    classes = {semconv.PRIVACY[key] for key in leaving}
    assert classes == {"public", "pseudonymous"}
    assert set(semconv.PRIVACY) - leaving == {
        semconv.CX_CUSTOMER_ID,
        semconv.CX_CONTACT_ADDRESS,
        semconv.CX_BOT_UTTERANCE,
        semconv.CX_ERROR_MESSAGE,
    }
    assert privacy.permitted("http.route")


def test_a_policy_may_let_more_leave_or_less() -> None:
    """A user may allow personal data, or keep even pseudonyms in."""
    told = {
        semconv.CX_CONTACT_ADDRESS: "+15558675309",
        semconv.CX_CONTACT_ID: "c-1",
        semconv.CX_QUEUE_NAME: "billing",
    }
    privacy.set_policy(privacy.Policy(frozenset({"public", "pseudonymous", "personal"})))
    assert privacy.filtered(told) == told
    privacy.set_policy(privacy.Policy(frozenset({"public"})))
    assert privacy.filtered(told) == {semconv.CX_QUEUE_NAME: "billing"}


def test_a_policy_that_protects_nobody_is_refused() -> None:
    """A misspelt class or a key that can be guessed is an error with the remedy."""
    with pytest.raises(ValueError, match="unknown privacy class: privat"):
        privacy.Policy(frozenset({"privat"}))
    with pytest.raises(ValueError, match="at least 16 bytes"):
        privacy.Policy(key=b"secret")


def test_a_pseudonym_is_a_truncated_hmac() -> None:
    """Whoever has the key can compute a customer's pseudonym with any HMAC-SHA256."""
    privacy.set_policy(privacy.Policy(key=KEY))
    expected = hmac.new(KEY, b"customer-7", hashlib.sha256).hexdigest()[:32]
    assert privacy.pseudonym("customer-7") == expected
    assert privacy.pseudonym(7) == privacy.pseudonym("7")


def test_without_a_key_there_are_no_pseudonyms() -> None:
    """No key, no value: nothing that could be reversed leaves instead."""
    assert privacy.pseudonym("customer-7") is None
    privacy.set_policy(privacy.Policy(key=KEY))
    assert privacy.pseudonym(None) is None
    assert privacy.pseudonym("") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+1 (555) 867-5309", "+15558675309"),
        ("tel:+15558675309", "+15558675309"),
        ("Jane@Example.com ", "jane@example.com"),
        ("030/123-456", "030123456"),
    ],
)
def test_one_customer_has_one_pseudonym(one: str, other: str) -> None:
    """The same number or address, written in another way, has the same pseudonym."""
    privacy.set_policy(privacy.Policy(key=KEY))
    assert privacy.pseudonym(one) == privacy.pseudonym(other)


def test_another_key_gives_other_pseudonyms() -> None:
    """Two companies' pseudonyms of one number cannot be joined."""
    privacy.set_policy(privacy.Policy(key=KEY))
    first = privacy.pseudonym("+15558675309")
    privacy.set_policy(privacy.Policy(key=KEY[::-1]))
    assert privacy.pseudonym("+15558675309") != first


VENDOR_IDS = [
    "CA0123456789abcdef0123456789abcdef",  # Twilio, a call
    "WT12345678901234567890123456789012",  # Twilio, a task; all digits but the prefix
    "550e8400-e29b-41d4-a716-446655440000",  # Genesys Cloud, Amazon Connect
    "12345678-1234-4234-8234-123456789012",  # a UUID without letters
    "5003000000D8cuIAAR",  # Salesforce, a case
    "0015g00000XyZ12",  # Salesforce, 15 characters
    "35436",  # Zendesk, a ticket
    "0af7651916cd43dd8448eb211c80319c",  # a trace's id
    "projects/123456789012/locations/eu/agents/a/sessions/s-1",  # Dialogflow CX
    "projects/p/agent/sessions/550e8400-e29b-41d4-a716-446655440000",
    "arn:aws:connect:eu-central-1:123456789012:instance/12345678-1234-4234-8234-123456789012",
    "refund-20260612-0001",  # a user's own
    "c-7",
    "order_100234567",
]


@pytest.mark.parametrize("value", VENDOR_IDS)
def test_the_ids_of_vendors_pass(value: str) -> None:
    """Ids as the vendors make them are recorded as they are."""
    assert privacy.identifier(value) == value


PERSONAL = [
    "+15558675309",
    "5558675309",
    "8675309",
    "+1 555 867 5309",
    "(555) 867-5309",
    "555-867-5309",
    "call-555-867-5309",
    "555.867.5309",
    "030-12-34-56",
    "tel:+15558675309",
    "tel:5558675309",
    "whatsapp:+15558675309",
    "sip:5558675309@pbx.example.com",
    "caller-5558675309",
    "projects/p/agent/sessions/5558675309",
    "projects/p/agent/sessions/+15558675309",
    "arn:aws:connect:eu-central-1:123456789012:contact/5558675309",
    "4111111111111111",  # a payment card
    "jane@example.com",
    "Jane Doe",
    "Jörg",
    "my order never came, call me",
    "%2B15558675309",
    "line\nbreak",
    "x" * 300,
]


@pytest.mark.parametrize("value", PERSONAL)
def test_what_looks_personal_becomes_a_pseudonym_or_nothing(value: str) -> None:
    """Numbers, addresses and words do not pass as ids."""
    assert privacy.identifier(value) is None
    privacy.set_policy(privacy.Policy(key=KEY))
    assert privacy.identifier(value) == privacy.pseudonym(value)


def test_a_number_passes_where_the_vendor_defines_it_so() -> None:
    """A field that holds the vendor's own numbers lets digits pass, and digits only."""
    assert privacy.identifier(360012345678) is None
    assert privacy.identifier(360012345678, numeric=True) == "360012345678"
    assert privacy.identifier("+15558675309", numeric=True) is None
    assert privacy.identifier("٣٦٠٠١٢٣", numeric=True) is None


@pytest.mark.parametrize("value", [None, "", True, 1.5, b"c-1", ["c-1"], object()])
def test_what_is_no_id_is_none(value: object) -> None:
    """Anything else than a string, a whole number or a UUID is no id."""
    assert privacy.identifier(value) is None


def test_any_uuid_passes() -> None:
    """UUIDs pass as objects and as text, whatever digits they hold."""
    one = uuid4()
    assert privacy.identifier(one) == str(one)


@given(st.uuids())
def test_no_uuid_looks_personal(value: UUID) -> None:
    """No UUID is mistaken for a number, also after a scheme or in a path."""
    assert privacy.identifier(value) == str(value)
    assert privacy.identifier(f"projects/p/agent/sessions/{value}") is not None


@given(st.from_regex(r"\+?[0-9][0-9 ().\-]{8,20}[0-9]", fullmatch=True))
def test_however_a_number_is_written_it_does_not_pass(value: str) -> None:
    """A run of digits as people write numbers never passes as an id or as a queue's name."""
    digits = [each for each in value if each.isdigit()]
    if 7 <= len(digits) <= 19 and not set("().- ") & set(value):
        assert privacy.identifier(value) is None
    if set(" ()+") & set(value):
        assert privacy.identifier(value) is None
    if len(digits) >= 7:
        assert privacy.label(value) is None


@given(st.text())
def test_no_text_whatever_breaks_the_filters(value: str) -> None:
    """Any text is filtered without an error, surrogates and all."""
    privacy.set_policy(privacy.Policy(key=KEY))
    for found in (privacy.identifier(value), privacy.code(value), privacy.label(value)):
        assert found is None or isinstance(found, str)


@pytest.mark.parametrize("value", ["no_match", "no-input", "4xx", "bot/fallback:2"])
def test_a_short_code_passes(value: str) -> None:
    """Reasons are codes."""
    assert privacy.code(value) == value


@pytest.mark.parametrize("value", ["", "Mrs Doe", "a" * 65, "jane@x.de", "5558675309", None, 7])
def test_free_text_is_no_code(value: object) -> None:
    """Words, addresses and numbers are no reason."""
    assert privacy.code(value) is None


@pytest.mark.parametrize("value", ["Billing, English", "Facturación", "Tier 2", "Q_0042"])
def test_a_queue_may_have_a_name(value: str) -> None:
    """Queue names are words."""
    assert privacy.label(value) == value


def test_a_queue_may_be_named_by_its_id() -> None:
    """Where only a queue's UUID is known, it serves as the name."""
    name = "12345678-1234-4234-8234-123456789012"
    assert privacy.label(name) == name


@pytest.mark.parametrize("value", ["", "+15558675309", "jane@x.de", "a" * 65, None, 7])
def test_a_number_is_no_queue(value: object) -> None:
    """Numbers, addresses and long texts are no queue."""
    assert privacy.label(value) is None
