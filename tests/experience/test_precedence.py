"""Who holds whom: what is priced once, and on whom it is blamed."""

from __future__ import annotations

from itertools import permutations

import pytest

from cxotel.experience.evidence import (
    Authentication,
    Call,
    Callback,
    Contact,
    Declared,
    Evidence,
    Feedback,
    Handoff,
    Hold,
    Media,
    Outcome,
    Queue,
    Turn,
    Where,
)
from cxotel.experience.score import Score, score
from tests.experience.streams import observed

CRM = Where("business_system", "salesforce", "find order")
SEARCH = Where("knowledge", "search", "find order")
BOT = Where("ai", "dialogflow", "ask")
CENTER = Where("contact_center", "genesys_cloud")


def scored(*facts: Evidence, channel: str | None = "voice") -> Score:
    """Return the score of some facts, which must not depend on their order."""
    result = observed(facts, channel=channel).score()
    for order in permutations(facts) if len(facts) < 5 else [facts[::-1]]:
        assert observed(order, channel=channel).score() == result
    return result


def lost(*facts: Evidence, channel: str | None = "voice") -> dict[str, float]:
    """Return the points that some facts lose."""
    return dict(scored(*facts, channel=channel).lost)


def shares(result: Score) -> dict[str | None, float]:
    """Return the points of each system, or of each layer where the system is unknown."""
    found: dict[str | None, float] = {}
    for reason in result.reasons:
        name = reason.where.system or reason.where.layer
        found[name] = found.get(name, 0.0) + reason.points
    return found


def call(name: str, start: float, end: float, where: Where = CRM, **more: object) -> Call:
    """Return a call, its times in seconds."""
    return Call(name, where, round(start * 1000), round(end * 1000), **more)  # type: ignore[arg-type]


def test_calls_at_the_same_time_are_waited_for_once() -> None:
    """Two calls side by side cost the time in any of them, each blamed by its own seconds."""
    together = scored(call("a", 0, 6), call("b", 0, 3, SEARCH))

    assert together.lost == lost(call("a", 0, 6))
    assert shares(together)["salesforce"] == pytest.approx(2 * shares(together)["search"], rel=0.01)


def test_calls_of_a_step_add_up() -> None:
    """Ten calls of a second hurt as one of ten seconds, although none is slow."""
    calls = [call(str(i), 20 * i, 20 * i + 1) for i in range(10)]

    assert lost(*calls) == lost(call("one", 0, 10))


def test_outside_of_steps_only_neighbours_add_up() -> None:
    """Calls less than a second apart are one wait; a pause ends it."""
    nowhere = Where("business_system", "salesforce")

    assert lost(call("a", 0, 2, nowhere), call("b", 2.9, 4.9, nowhere)) == {"responsiveness": 3.0}
    assert lost(call("a", 0, 2, nowhere), call("b", 3.0, 5.0, nowhere)) == {}


def test_a_call_that_bridges_two_stretches_makes_one() -> None:
    """What arrives late may connect what seemed apart."""
    nowhere = Where("business_system", "salesforce")
    apart = [call("a", 0, 2, nowhere), call("b", 5, 7, nowhere)]

    assert lost(*apart) == {}
    assert lost(*apart, call("c", 2, 5, nowhere)) == lost(call("one", 0, 7, nowhere))


def test_a_queue_holds_calls_and_holds() -> None:
    """Whoever waits in a queue does not also wait for what goes on meanwhile."""
    queue = Queue("q", CENTER, "billing", 0, 90_000)

    assert lost(queue, call("a", 10, 40), Hold("h", CENTER, 50_000, 80_000)) == {"reach": 4.0}


def test_a_hold_that_was_mostly_a_queue_holds_nothing() -> None:
    """What is left of a hold is too short to be one, so the call in it is waited for after all."""
    queue, hold = Queue("q", CENTER, "billing", 0, 25_000), Hold("h", CENTER, 20_000, 32_000)

    assert lost(hold, call("a", 26, 31)) == {"effort": 6.0}
    assert lost(hold, call("a", 26, 31), queue) == {"responsiveness": 3.966}


def test_what_sticks_out_of_a_queue_is_waited_for() -> None:
    """A call that goes on when the queue is over costs the rest."""
    queue = Queue("q", CENTER, "billing", 0, 20_000)

    assert lost(queue, call("a", 10, 24)) == lost(call("a", 20, 24))


def test_a_hold_is_blamed_on_the_calls_in_it() -> None:
    """Who is put on hold waits for the system that is slow, not for the agent."""
    hold = Hold("h", CENTER, 0, 90_000)
    result = scored(hold, call("a", 10, 50))

    assert result.lost == {"effort": 8.34}
    assert set(shares(result)) == {"salesforce"}


def test_a_hold_is_not_blamed_on_quick_calls() -> None:
    """A call that was quick and worked explains no hold; one that failed quickly does."""
    hold = Hold("h", CENTER, 0, 90_000)

    assert set(shares(scored(hold, call("a", 10, 10.1)))) == {"genesys_cloud"}
    failed = call("a", 10, 10.1, error="HTTP 503")
    assert set(shares(scored(hold, failed))) == {"salesforce"}


@pytest.mark.parametrize(
    ("seconds", "points"), [((9,), 0), ((10,), 6), ((30, 30), 6), ((60, 60), 10), ((600,), 15)]
)
def test_holds_are_priced_together(seconds: tuple[int, ...], points: float) -> None:
    """The first minute costs 6, twice as long 4 more, and 15 is the most; short ones are free."""
    holds = [
        Hold(str(i), CENTER, i * 700_000, i * 700_000 + length * 1000)
        for i, length in enumerate(seconds)
    ]

    assert lost(*holds) == ({"effort": points} if points else {})


def turn(seconds: float, result: str | None = "matched", name: str = "t", **more: object) -> Turn:
    """Return a spoken turn from the start on."""
    duration = round(seconds * 1000)
    return Turn(name, BOT, 0, duration, duration, None, "voice", result, **more)  # type: ignore[arg-type]


def test_a_turn_absorbs_its_calls_and_blames_them_for_their_share() -> None:
    """A bot that waits three of four seconds for the CRM is a slow CRM."""
    result = scored(call("a", 0.5, 3.5), turn(4))

    assert result.lost == {"responsiveness": 20.0}
    assert shares(result) == {"salesforce": 15.0, "dialogflow": 5.0}


def test_a_callback_explains_the_turn_it_came_in() -> None:
    """Where the turn is in the same segment, the waits in its webhook are the turn's."""
    callback = Callback("c", Where(), 5_000, 9_000, "dialogflow", "t")
    inside = call("a", 6, 8)

    result = scored(inside, callback, turn(4))

    assert result.lost == {"responsiveness": 20.0}
    assert shares(result) == {"salesforce": 10.0, "dialogflow": 10.0}


def test_a_callback_of_another_segment_explains_the_turn_when_they_meet() -> None:
    """A webhook's segment is charged for its waits until the bot's own segment is known."""
    callback = Callback("c", Where(), 0, 4_000, "dialogflow", "t")
    alone = observed([call("a", 0, 3), callback], channel="voice")
    bot = observed([turn(4)])

    assert alone.score().lost == lost(call("a", 0, 3))
    together = score(alone.ledger() | bot.ledger())
    assert together.lost == {"responsiveness": 20.0}
    assert shares(together) == {"salesforce": 15.0, "dialogflow": 5.0}


def test_a_callback_of_another_bot_is_not_explained() -> None:
    """A turn explains the callbacks of its own system only."""
    callback = Callback("c", Where(), 0, 4_000, "lex")
    alone = observed([call("a", 0, 3), callback])

    together = score(alone.ledger() | observed([turn(1)]).ledger())

    assert together.lost == alone.score().lost


def test_a_slow_turn_that_asks_again_costs_both() -> None:
    """Being slow and not understanding are two things."""
    assert lost(turn(2, "no_match")) == {"responsiveness": 10.0, "effort": 3.0}


def test_saying_it_again_does_not_dilute_slow_turns() -> None:
    """A re-prompted turn adds its cube but not its count."""
    quick = turn(1, name="quick")
    slow = turn(2, name="slow")

    assert lost(quick, slow)["responsiveness"] < 8
    again = Turn("slow", BOT, 0, 2_000, 2_000, None, "voice", "no_input")
    assert lost(quick, again)["responsiveness"] == 10


def test_a_loop_counts_as_three_reprompts_at_least() -> None:
    """Whoever says that it is a loop has seen more turns than we did."""
    assert lost(turn(1, "fallback", loop_id="l")) == {"effort": 19.0}
    again = [turn(1, "fallback", name=str(i), loop_id="l") for i in range(4)]
    assert lost(*again) == {"effort": 20.0}


def test_a_turn_of_unknown_modality_is_not_priced_without_a_channel() -> None:
    """Unknown stays unknown: what nobody measured neither costs nor counts as seen."""
    unknown = Turn("t", BOT, 0, 4_000, 4_000)
    unmeasured = Turn("t", BOT, 0, 4_000, modality="voice")

    assert scored(unknown, channel=None).coverage == 0
    assert scored(unmeasured).coverage == 0
    assert lost(unknown, channel="voice") == {"responsiveness": 20.0}
    assert lost(unknown, channel="chat") == {}


def test_a_failure_that_was_met_costs_beside_its_wait() -> None:
    """A timeout hurts twice: it took time, and it failed."""
    failed = call("a", 0, 10, error="Timeout", timed_out=True)

    assert lost(failed) == {"responsiveness": 6.966}
    assert lost(failed._replace(met=True)) == {"responsiveness": 6.966, "reliability": 7.0}
    assert lost(failed._replace(met=True, recovered=True)) == {"responsiveness": 6.966}


def test_a_failure_may_be_met_before_or_after_it_is_observed() -> None:
    """The journey's code and the call's span report in any order, each once."""
    failed = call("a", 0, 1, error="HTTP 500")
    before, after = observed([]), observed([failed])

    assert before.met("a") == ()
    assert [hurt.points for hurt in before.observe(failed)] == [7.0]
    assert [hurt.points for hurt in after.met("a")] == [7.0]
    assert after.met("a") == ()
    assert before.ledger() == after.ledger()


def test_failures_count_down() -> None:
    """The first costs 7, further ones 6, and 20 is the most."""
    segment = observed([])
    points = [
        sum(hurt.points for hurt in segment.observe(call(str(i), 0, 0.1, error="E", met=True)))
        for i in range(5)
    ]

    assert points == [7.0, 6.0, 6.0, 1.0, 0.0]


def test_a_handoff_from_a_bot_and_its_transfer_are_one() -> None:
    """The first warm handoff to a human is free, however many systems report it."""
    handoff = Handoff("h", Where(), "bot_to_human", at=60_000)
    queue = Queue("q", CENTER, "billing", 61_000, 151_000)
    transfer = Handoff("x", CENTER, "transfer_warm", at=152_000)

    assert lost(handoff, queue, transfer) == {"reach": 4.0}
    assert lost(handoff, queue, Handoff("x", CENTER, "transfer_cold", at=152_000)) == {
        "reach": 4.0,
        "effort": 7.0,
    }


def test_the_first_transfer_after_a_handoff_carries_it_out() -> None:
    """Of two transfers the earlier belongs to the handoff; the other is one of its own."""
    handoff = Handoff("h", BOT, "bot_to_human", at=0)
    first = Handoff("z", CENTER, "transfer_cold", at=10_000)
    second = Handoff("a", CENTER, "transfer_warm", at=25_000)

    assert lost(handoff, first, second) == {"effort": 10.0}


def test_a_later_transfer_is_another_one() -> None:
    """A transfer long after the handoff passes the customer on once more."""
    handoff = Handoff("h", Where(), "bot_to_human", warm=True, at=60_000)

    assert lost(handoff, Handoff("x", CENTER, "transfer_warm", at=95_000)) == {"effort": 3.0}


def test_a_cold_handoff_is_blamed_on_the_bot() -> None:
    """The code that hands over need not say which bot it was."""
    handoff = Handoff("h", Where(step="ask"), "bot_to_human", warm=False, at=60_000)

    result = scored(turn(1), handoff)

    assert shares(result) == {"dialogflow": 7.0}


def test_only_the_first_warm_handoff_to_a_human_is_free() -> None:
    """Being handed back to the bot and over again is a transfer like any other."""
    handoffs = [Handoff(str(i), BOT, "bot_to_human", warm=True, at=i * 10**6) for i in range(3)]

    assert lost(*handoffs) == {"effort": 6.0}


def test_a_forced_switch_of_channel_excuses_the_contact_that_follows() -> None:
    """Who has to call because the chat cannot help pays for the switch, not for calling."""
    switch = Handoff("s", BOT, "channel_switch", forced=True, at=1_000)
    follows = Contact("c", CENTER, relation="repeat", at=2_000)
    earlier = Contact("b", CENTER, relation="repeat", at=500)

    assert lost(switch, follows) == {"effort": 5.0}
    assert lost(switch, earlier) == {"effort": 12.0}
    assert lost(Handoff("s", BOT, "channel_switch", at=1_000), follows) == {}


def test_the_same_wait_from_two_sources_is_one() -> None:
    """The service's own clock and the vendor's report overlap: once, the larger, the vendor's."""
    own = Queue("own", Where(step="wait"), "billing", 0, 90_000)
    vendor = Queue("vendor", CENTER, "billing", 0, 90_000)

    assert lost(own, vendor) == {"reach": 4.0}
    assert set(shares(scored(own, vendor))) == {"genesys_cloud"}
    later = Queue("later", CENTER, "sales", 90_000, 180_000)
    assert lost(own, vendor, later) == {"reach": 8.0}


def test_two_queues_are_not_hidden_by_one_that_spans_both() -> None:
    """Another report never makes a journey better: those count that cost most together."""
    first, second = Queue("1", CENTER, None, 0, 90_000), Queue("2", CENTER, None, 90_000, 180_000)
    both = Queue("3", CENTER, None, 0, 180_000)

    assert lost(first, second, both) == {"reach": 8.0}
    shorter = Queue("4", CENTER, None, 80_000, 130_000)
    assert lost(first, shorter) == {"reach": 4.0}


def test_an_announced_wait_is_judged_from_the_announcement() -> None:
    """Who was told so expects it, but saying so saves 5 points at most."""
    assert lost(Queue("q", CENTER, wait=120_000, announced=120_000)) == {"reach": 0.288}
    assert lost(Queue("q", CENTER, wait=600_000, announced=600_000)) == {"reach": 8.569}


def test_abandoning_a_queue_is_an_outcome() -> None:
    """The queue is blamed for the wait; the outcome itself is nobody's."""
    result = scored(Queue("q", CENTER, "billing", 0, 90_000, result="abandoned"))

    assert result.lost == {"reach": 4.0, "resolution": 44.0}
    assert shares(result) == {"genesys_cloud": 4.0, None: 44.0}
    assert result.blame is not None
    assert result.blame.system == "genesys_cloud"


def test_who_leaves_within_seconds_has_abandoned_nothing() -> None:
    """Contact centers do not count short abandons."""
    assert lost(Outcome("abandoned", 5_999)) == {}
    assert lost(Outcome("abandoned", 6_000)) == {"resolution": 44.0}


def test_an_outcome_is_blamed_on_the_call_that_led_to_it() -> None:
    """Only where the trace shows it, and only on a call that failed."""
    failed, fine = call("a", 0, 1, error="E"), call("b", 0, 1, SEARCH)

    assert shares(scored(failed, Outcome("failed", 10_000, "a"))) == {"salesforce": 44}
    assert shares(scored(fine, Outcome("failed", 10_000, "b"))) == {None: 44}
    assert shares(scored(failed, Outcome("failed", 10_000))) == {None: 44}
    elsewhere = Outcome("failed", 10_000, "unknown", CRM)
    assert shares(scored(elsewhere)) == {"salesforce": 44}


def test_the_call_that_led_to_an_outcome_may_end_after_it() -> None:
    """A span may end late; the blame moves to it as soon as it is known."""
    segment = observed([Outcome("failed", 10_000, "a")])
    version = segment.version

    segment.observe(call("a", 0, 1, error="E"))

    assert shares(segment.score()) == {"salesforce": 44}
    assert segment.version > version


def test_the_latest_outcome_stands_and_of_two_the_worse() -> None:
    """Outcomes of several sources have one order."""
    assert lost(Outcome("failed", 10_000), Outcome("resolved", 20_000)) == {}
    assert lost(Outcome("resolved", 20_000), Outcome("unresolved", 20_000)) == {"resolution": 34.0}


def test_nobody_waits_after_the_outcome() -> None:
    """What is done when the customer has gone costs them nothing."""
    assert lost(call("a", 0, 6), Outcome("resolved", 4_000)) == lost(call("a", 0, 4))
    assert lost(call("a", 5, 60), Outcome("resolved", 4_000)) == {}


@pytest.mark.parametrize(
    ("channel", "waiting", "of_call", "counts"),
    [
        ("voice", None, None, True),
        ("chat", None, None, True),
        ("email", None, True, False),
        ("messaging", True, None, False),
        (None, None, None, False),
        (None, True, None, True),
        (None, None, True, True),
        ("voice", False, None, False),
        ("voice", None, False, False),
    ],
)
def test_waits_count_where_a_customer_is_on_the_line(
    channel: str | None, *, waiting: bool | None, of_call: bool | None, counts: bool
) -> None:
    """Only in synchronous channels, inside a journey, and not for work in the background."""
    segment = observed([], channel=channel)
    segment.know(waiting=waiting)
    segment.observe(call("a", 0, 4, waiting=of_call))

    assert segment.score().lost == ({"responsiveness": 3.0} if counts else {})


def test_a_channel_learnt_late_reprices_what_was_seen() -> None:
    """A journey may open under a request that has been calling systems for a while."""
    segment = observed([call("a", 0, 4), Turn("t", BOT, 9_000, 11_000, 2_000)], channel=None)
    assert segment.score().lost == {}

    segment.know(channel="voice")

    assert (
        segment.ledger()
        == observed([call("a", 0, 4), Turn("t", BOT, 9_000, 11_000, 2_000)]).ledger()
    )


def test_a_contact_is_what_its_latest_report_says() -> None:
    """Reports of one call come from many places and in any order."""
    reports = [
        Contact("c", CENTER, "inbound", "queued", at=1_000),
        Contact("c", CENTER, None, "failed", at=2_000),
        Contact("c", CENTER, None, "completed", 9_000, 30_000, at=3_000),
    ]

    assert lost(*reports) == {"reach": 3.51}
    assert lost(*reports[:2]) == {"reach": 7.0, "resolution": 44.0}


@pytest.mark.parametrize(
    ("direction", "status", "points"),
    [
        ("inbound", "busy", 7.0),
        ("outbound", "no_answer", 0.0),
        ("outbound", "failed", 7.0),
        (None, "no_answer", 7.0),
        ("inbound", "canceled", 0.0),
    ],
)
def test_an_attempt_fails_unless_nobody_answered_us(
    direction: str | None, status: str, points: float
) -> None:
    """That a customer does not answer our call is no failure of ours."""
    assert lost(Contact("c", CENTER, direction, status)).get("reach", 0.0) == points


def test_never_connected_is_an_outcome() -> None:
    """Whoever never got through did not get what they came for; a later success makes it good."""
    failed = Contact("c", CENTER, "inbound", "failed", at=1_000)

    assert lost(failed)["resolution"] == 44
    assert lost(failed, Contact("d", CENTER, "inbound", "connected", at=2_000)) == {"reach": 7.0}
    assert lost(failed, Outcome("resolved", 9_000)) == {"reach": 7.0}


@pytest.mark.parametrize(
    "contact",
    [
        Contact("c", Where("channel", "twilio"), status="dropped"),
        Contact("c", Where("channel", "twilio"), connected=5_000, ended_by="network"),
    ],
)
def test_a_drop_is_blamed_on_its_leg(contact: Contact) -> None:
    """A call that breaks off costs 15, on whoever carried it."""
    assert shares(scored(contact)) == {"twilio": 15.0}


def leg(r: float | None, talk: int, silent: int = 0, name: str = "a", start: int = 0) -> Media:
    """Return an interval of a leg."""
    return Media(name, Where("connectivity"), r, "g107", talk, silent, None, start, start + talk)


def test_a_legs_quality_is_weighted_by_talk_time() -> None:
    """A bad second weighs as long as it lasted."""
    assert lost(leg(93.2, 30_000), leg(53.2, 10_000, start=30_000)) == {"media": 10.0}


def test_one_way_audio_is_the_worst_there_is() -> None:
    """Hearing nothing for half of the time halves what is left."""
    assert lost(leg(93.2, 10_000, silent=10_000)) == {"media": 46.6}
    assert lost(leg(None, 0, silent=10_000)) == {"media": 93.2}
    assert scored(leg(None, 10_000)).coverage == 0


def test_the_worst_leg_decides() -> None:
    """A good leg does not make up for a bad one."""
    assert lost(leg(93.2, 10**6), leg(63.2, 1_000, name="b")) == {"media": 30.0}


def test_authentications_after_the_first_cost() -> None:
    """Proving who one is once is free; an attempt that timed out asked nothing of the customer."""
    asked = [Authentication(str(i), Where("identity", "okta")) for i in range(3)]

    assert lost(*asked) == {"effort": 6.0}
    assert lost(asked[0], Authentication("x", Where(), "timed_out")) == {}


def test_what_the_users_code_declares_is_added() -> None:
    """An impairment of the user's own counts in its dimension, up to the dimension's cap."""
    own = Declared("d", Where("payment", "adyen"), "effort", 12.5, "card_declined")

    assert lost(own) == {"effort": 12.5}
    assert lost(own, Declared("e", Where(), "effort", 80.0)) == {"effort": 45.0}
    assert [hurt.reason for hurt in observed([]).observe(own)] == ["card_declined"]


def test_feedback_stays_beside_the_score() -> None:
    """What the customer says calibrates the score, and is never inside it."""
    segment = observed([])

    assert segment.observe(Feedback("csat", 1, 1, 5)) == ()
    assert segment.version == 0


def test_what_explains_may_raise_the_score() -> None:
    """A queue that turns out to have held a slow call is no further impairment."""
    slow = call("a", 0, 20)

    assert lost(slow)["responsiveness"] == pytest.approx(9.966, abs=0.01)
    assert lost(slow, Queue("q", CENTER, None, 0, 25_000)) == {}
