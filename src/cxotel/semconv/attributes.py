"""The keys of attributes, their closed sets of values, and their privacy classes.

Code generated from the registry's model by tools/generate_semconv.py. DO NOT EDIT.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CX_AGENT_ID",
    "CX_AUTHENTICATION_ID",
    "CX_AUTHENTICATION_RESULT",
    "CX_BOT_CONVERSATION_ENDED",
    "CX_BOT_FLOW_NAME",
    "CX_BOT_INTENT_CONFIDENCE",
    "CX_BOT_INTENT_NAME",
    "CX_BOT_LOOP_ID",
    "CX_BOT_PAGE_NAME",
    "CX_BOT_SENTIMENT_SCORE",
    "CX_BOT_TURN_DURATION",
    "CX_BOT_TURN_FILLER_DELAY",
    "CX_BOT_TURN_ID",
    "CX_BOT_TURN_MATCH_TYPE",
    "CX_BOT_TURN_MEASURED_FROM",
    "CX_BOT_TURN_MODALITY",
    "CX_BOT_TURN_RESULT",
    "CX_BOT_UTTERANCE",
    "CX_BOT_WEBHOOK_DURATION",
    "CX_CALLBACK_SYSTEM",
    "CX_CALL_CUSTOMER_WAITING",
    "CX_CALL_ITEMS",
    "CX_CALL_MET",
    "CX_CALL_RECOVERED",
    "CX_CALL_RETRY_WAIT",
    "CX_CALL_THROTTLED",
    "CX_CALL_TIMED_OUT",
    "CX_CHANNEL",
    "CX_CONFIG_VERSION",
    "CX_CONTACT_ADDRESS",
    "CX_CONTACT_ALIASES",
    "CX_CONTACT_CONNECTED_DURATION",
    "CX_CONTACT_DIRECTION",
    "CX_CONTACT_ENDED_BY",
    "CX_CONTACT_ID",
    "CX_CONTACT_POST_DIAL_DELAY",
    "CX_CONTACT_RELATION",
    "CX_CONTACT_STATUS",
    "CX_CUSTOMER_ID",
    "CX_ERROR_MESSAGE",
    "CX_EVIDENCE_CAUSE",
    "CX_EVIDENCE_END_TIME",
    "CX_EVIDENCE_ID",
    "CX_EVIDENCE_KIND",
    "CX_EVIDENCE_SHOWS",
    "CX_EVIDENCE_START_TIME",
    "CX_EXPERIENCE_ALGORITHM",
    "CX_EXPERIENCE_BLAME_LAYER",
    "CX_EXPERIENCE_BLAME_OWNER",
    "CX_EXPERIENCE_BLAME_STEP",
    "CX_EXPERIENCE_BLAME_SYSTEM",
    "CX_EXPERIENCE_CLASS",
    "CX_EXPERIENCE_COVERAGE",
    "CX_EXPERIENCE_LEDGER",
    "CX_EXPERIENCE_LOST_EFFORT",
    "CX_EXPERIENCE_LOST_MEDIA",
    "CX_EXPERIENCE_LOST_REACH",
    "CX_EXPERIENCE_LOST_RELIABILITY",
    "CX_EXPERIENCE_LOST_RESOLUTION",
    "CX_EXPERIENCE_LOST_RESPONSIVENESS",
    "CX_EXPERIENCE_POINTS",
    "CX_EXPERIENCE_REASONS",
    "CX_EXPERIENCE_SCORE",
    "CX_EXPERIENCE_SUPERSEDED",
    "CX_FEEDBACK_KIND",
    "CX_FEEDBACK_SCALE_MAX",
    "CX_FEEDBACK_SCALE_MIN",
    "CX_FEEDBACK_VALUE",
    "CX_HANDOFF_FORCED",
    "CX_HANDOFF_ID",
    "CX_HANDOFF_KIND",
    "CX_HANDOFF_REASON",
    "CX_HANDOFF_RESULT",
    "CX_HANDOFF_WARM",
    "CX_HOLD_DURATION",
    "CX_IMPAIRMENT_DIMENSION",
    "CX_IMPAIRMENT_POINTS",
    "CX_IMPAIRMENT_REASON",
    "CX_IMPAIRMENT_SPAN_ID",
    "CX_JOURNEY_CAUSE",
    "CX_JOURNEY_COUNT",
    "CX_JOURNEY_ID",
    "CX_JOURNEY_NAME",
    "CX_JOURNEY_OUTCOME",
    "CX_LAYER",
    "CX_LINK_RELATION",
    "CX_MEDIA_BURST_DENSITY",
    "CX_MEDIA_CODEC",
    "CX_MEDIA_CONCEALMENT",
    "CX_MEDIA_DIRECTION",
    "CX_MEDIA_DISCARD",
    "CX_MEDIA_JITTER",
    "CX_MEDIA_LEG_ID",
    "CX_MEDIA_LEG_NAME",
    "CX_MEDIA_LOSS",
    "CX_MEDIA_MODEL",
    "CX_MEDIA_MOS",
    "CX_MEDIA_MOUTH_TO_EAR",
    "CX_MEDIA_OPINION",
    "CX_MEDIA_ORIGIN",
    "CX_MEDIA_R",
    "CX_MEDIA_ROUND_TRIP",
    "CX_MEDIA_SILENT_DURATION",
    "CX_MEDIA_SOURCE",
    "CX_MEDIA_TALK_DURATION",
    "CX_MEDIA_WARNING_NAME",
    "CX_MEDIA_WARNING_STATE",
    "CX_MEDIA_WARNING_THRESHOLD",
    "CX_MEDIA_WARNING_VALUE",
    "CX_OPERATION_NAME",
    "CX_OWNER_NAME",
    "CX_PROMPT_VERSION",
    "CX_QUEUE_ANNOUNCED_WAIT",
    "CX_QUEUE_ID",
    "CX_QUEUE_NAME",
    "CX_QUEUE_RESULT",
    "CX_QUEUE_WAIT",
    "CX_RATE_LIMIT_LIMIT",
    "CX_RATE_LIMIT_REMAINING",
    "CX_RATE_LIMIT_RESET",
    "CX_RECORD_ID",
    "CX_RECORD_TYPE",
    "CX_SEGMENT_ID",
    "CX_SEGMENT_REVISION",
    "CX_STEP_NAME",
    "CX_SYSTEM",
    "CX_TELEMETRY_COMPONENT",
    "CX_TELEMETRY_TABLE",
    "CX_VENDOR_ERROR_CODE",
    "CX_VENDOR_REQUEST_ID",
    "DEPLOYMENT_ENVIRONMENT_NAME",
    "DEPLOYMENT_ID",
    "DEPLOYMENT_NAME",
    "ENDUSER_PSEUDO_ID",
    "ERROR_TYPE",
    "FEATURE_FLAG_KEY",
    "FEATURE_FLAG_RESULT_VARIANT",
    "GEN_AI_AGENT_ID",
    "GEN_AI_CONVERSATION_ID",
    "GEN_AI_OPERATION_NAME",
    "GEN_AI_PROVIDER_NAME",
    "GEN_AI_REQUEST_MODEL",
    "GEN_AI_RESPONSE_MODEL",
    "GEN_AI_SYSTEM",
    "HTTP_REQUEST_METHOD",
    "HTTP_REQUEST_RESEND_COUNT",
    "HTTP_RESPONSE_STATUS_CODE",
    "PRIVACY",
    "RPC_RESPONSE_STATUS_CODE",
    "SERVER_ADDRESS",
    "SERVICE_NAME",
    "SERVICE_PEER_NAME",
    "SERVICE_VERSION",
    "SESSION_ID",
    "SESSION_PREVIOUS_ID",
    "TYPES",
    "URL_TEMPLATE",
    "VCS_REF_HEAD_REVISION",
    "CxAuthenticationResult",
    "CxAuthenticationResultValues",
    "CxBotTurnMeasuredFrom",
    "CxBotTurnMeasuredFromValues",
    "CxBotTurnModality",
    "CxBotTurnModalityValues",
    "CxBotTurnResult",
    "CxBotTurnResultValues",
    "CxChannel",
    "CxChannelValues",
    "CxContactDirection",
    "CxContactDirectionValues",
    "CxContactEndedBy",
    "CxContactEndedByValues",
    "CxContactRelation",
    "CxContactRelationValues",
    "CxContactStatus",
    "CxContactStatusValues",
    "CxEvidenceKind",
    "CxEvidenceKindValues",
    "CxExperienceClass",
    "CxExperienceClassValues",
    "CxFeedbackKind",
    "CxFeedbackKindValues",
    "CxHandoffKind",
    "CxHandoffKindValues",
    "CxHandoffResult",
    "CxHandoffResultValues",
    "CxImpairmentDimension",
    "CxImpairmentDimensionValues",
    "CxJourneyCause",
    "CxJourneyCauseValues",
    "CxJourneyOutcome",
    "CxJourneyOutcomeValues",
    "CxLayer",
    "CxLayerValues",
    "CxLinkRelation",
    "CxLinkRelationValues",
    "CxMediaDirection",
    "CxMediaDirectionValues",
    "CxMediaModel",
    "CxMediaModelValues",
    "CxMediaOpinion",
    "CxMediaOpinionValues",
    "CxMediaOrigin",
    "CxMediaOriginValues",
    "CxMediaWarningName",
    "CxMediaWarningNameValues",
    "CxMediaWarningState",
    "CxMediaWarningStateValues",
    "CxQueueResult",
    "CxQueueResultValues",
    "PrivacyClass",
]

CX_AGENT_ID: Final = "cx.agent.id"
"""The id of the human agent who serves the customer.

Set where the application or a vendor names the agent, as a pseudonym.
"""

CX_AUTHENTICATION_ID: Final = "cx.authentication.id"
"""The id of one attempt to authenticate the customer.

Set where the identity system gives the attempt an id.
"""

CX_AUTHENTICATION_RESULT: Final = "cx.authentication.result"
"""How the attempt to authenticate the customer ended.

Set on each authentication.
"""

CX_BOT_CONVERSATION_ENDED: Final = "cx.bot.conversation.ended"
"""Whether the bot considers the conversation over.

Set on turns where the platform reports it.
"""

CX_BOT_FLOW_NAME: Final = "cx.bot.flow.name"
"""The flow that the conversation is in.

Set where the platform names it.
"""

CX_BOT_INTENT_CONFIDENCE: Final = "cx.bot.intent.confidence"
"""How sure the bot was of the intent, from 0 to 1.

Set where the platform reports it. Scales of different platforms are not comparable.
"""

CX_BOT_INTENT_NAME: Final = "cx.bot.intent.name"
"""The name of the intent that the bot recognised.

Set on turns that matched an intent. It is configuration, never the customer's words.
"""

CX_BOT_LOOP_ID: Final = "cx.bot.loop.id"
"""What repeated re-prompts have in common, such as the page or slot that asks again.

Set on re-prompts. Three or more with the same value are a loop.
"""

CX_BOT_PAGE_NAME: Final = "cx.bot.page.name"
"""The page or state of the flow that the conversation is in.

Set where the platform names it.
"""

CX_BOT_SENTIMENT_SCORE: Final = "cx.bot.sentiment.score"
"""The sentiment that the platform read from the customer's turn, from -1 to 1.

Set where the platform reports it.
"""

CX_BOT_TURN_DURATION: Final = "cx.bot.turn.duration"
"""How long the customer waited for the bot's answer, in milliseconds.

Set on each turn. See `cx.bot.turn.measured_from` for where it begins.
"""

CX_BOT_TURN_FILLER_DELAY: Final = "cx.bot.turn.filler_delay"
"""The time until the bot said something to bridge the wait, in milliseconds.

Set when a filler such as "one moment, please" was played.
"""

CX_BOT_TURN_ID: Final = "cx.bot.turn.id"
"""The id of one turn, from what the customer said to the bot's answer.

Set where the bot platform gives turns an id. A webhook of the bot carries the id of the turn it
serves.
"""

CX_BOT_TURN_MATCH_TYPE: Final = "cx.bot.turn.match_type"
"""How the platform matched the turn, in the platform's own word.

Set where the platform reports it.
"""

CX_BOT_TURN_MEASURED_FROM: Final = "cx.bot.turn.measured_from"
"""Where the measurement of the turn's duration begins.

Set together with `cx.bot.turn.duration`.
"""

CX_BOT_TURN_MODALITY: Final = "cx.bot.turn.modality"
"""Whether the customer speaks or writes.

Set on each turn where it is known. A second of silence is longer than a second of typing.
"""

CX_BOT_TURN_RESULT: Final = "cx.bot.turn.result"
"""What the bot made of the customer's turn.

Set on each turn whose result the platform reports.
"""

CX_BOT_UTTERANCE: Final = "cx.bot.utterance"
"""What the customer said or wrote to the bot.

Set only where the user allowed class `content`.
"""

CX_BOT_WEBHOOK_DURATION: Final = "cx.bot.webhook.duration"
"""How long the bot platform waited for webhooks within the turn, in milliseconds.

Set where the platform reports it.
"""

CX_CALL_CUSTOMER_WAITING: Final = "cx.call.customer_waiting"
"""Whether the customer waits while this call runs.

Set where the operation or the application says so, for example `false` on work after the contact.
"""

CX_CALL_ITEMS: Final = "cx.call.items"
"""How many records the call returned or touched.

Set where the response says so.
"""

CX_CALL_MET: Final = "cx.call.met"
"""Whether the call's failure reached the journey's code.

Set to `true` when the exception of a failed call left the step or journey that made it, or when the
operation says that its failure reaches the customer; otherwise absent.
"""

CX_CALL_RECOVERED: Final = "cx.call.recovered"
"""Whether a failure inside the call was made good by a retry or a fallback.

Set to `true` on calls that failed at first and then succeeded; otherwise absent.
"""

CX_CALL_RETRY_WAIT: Final = "cx.call.retry_wait"
"""The time spent between attempts inside the call, in milliseconds.

Set where the client library tells of its retries.
"""

CX_CALL_THROTTLED: Final = "cx.call.throttled"
"""Whether the vendor refused the call, or an attempt of it, because of a rate limit.

Set to `true` on calls that were throttled at least once; otherwise absent.
"""

CX_CALL_TIMED_OUT: Final = "cx.call.timed_out"
"""Whether the call failed because it took too long.

Set to `true` on calls that ended in a timeout; otherwise absent.
"""

CX_CALLBACK_SYSTEM: Final = "cx.callback.system"
"""The vendor's system that calls us, for example with a bot's fulfilment webhook.

Set on the span that serves a vendor's callback.
"""

CX_CHANNEL: Final = "cx.channel"
"""How the customer is in touch.

Set on the span of each journey whose channel is known. Waiting counts only in voice and chat, where
the customer is there while it lasts.
"""

CX_CONFIG_VERSION: Final = "cx.config.version"
"""The version of the configuration that was active, such as a published contact flow.

Set where the application or the vendor names it.
"""

CX_CONTACT_ADDRESS: Final = "cx.contact.address"
"""The customer's phone number or e-mail address.

Set only where the user allowed class `personal`.
"""

CX_CONTACT_ALIASES: Final = "cx.contact.aliases"
"""Other systems' ids of the same contact.

Set where a vendor reports more than one id for the contact. Tickets and cases are records, not
aliases.
"""

CX_CONTACT_CONNECTED_DURATION: Final = "cx.contact.connected_duration"
"""How long the contact was connected, in milliseconds.

Set at the end of a contact whose vendor reports it.
"""

CX_CONTACT_DIRECTION: Final = "cx.contact.direction"
"""Who started the contact.

Set where the direction is known.
"""

CX_CONTACT_ENDED_BY: Final = "cx.contact.ended_by"
"""Who ended the contact.

Set at the end of a contact whose vendor reports it.
"""

CX_CONTACT_ID: Final = "cx.contact.id"
"""The id of one attempt of the customer, such as a call, a chat or a visit.

Set where the id of the contact is known, by argument or read from a vendor's request or response.
"""

CX_CONTACT_POST_DIAL_DELAY: Final = "cx.contact.post_dial_delay"
"""The time from dialing to the first sign of the other side, in milliseconds.

Set where the telephony system measured it.
"""

CX_CONTACT_RELATION: Final = "cx.contact.relation"
"""How the contact relates to the journey's earlier ones.

Set where it is declared, or known from the journey's earlier contacts.
"""

CX_CONTACT_STATUS: Final = "cx.contact.status"
"""How far the contact got.

Set where a vendor reports a contact's state. A call that could not be connected is no failed API
call.
"""

CX_CUSTOMER_ID: Final = "cx.customer.id"
"""The customer's id in the user's own systems.

Set only where the user allowed class `personal`. By default `enduser.pseudo.id` takes its place.
"""

CX_ERROR_MESSAGE: Final = "cx.error.message"
"""The error's text, as the vendor or the client library worded it.

Set only where the user allowed class `content`, because such texts quote phone numbers, names and
URLs.
"""

CX_EVIDENCE_CAUSE: Final = "cx.evidence.cause"
"""The id of the span whose failure led to this, as 16 hexadecimal digits.

Set on outcomes and impairments where the trace shows the cause. Nothing is assumed from nearness in
time.
"""

CX_EVIDENCE_END_TIME: Final = "cx.evidence.end_time"
"""When the fact ended, in milliseconds since 1970-01-01T00:00:00Z.

Set where the source's own times differ from the span's or event's, as in reports that come later.
"""

CX_EVIDENCE_ID: Final = "cx.evidence.id"
"""The id of the fact; the same fact from two sources has the same id and counts once.

Set where more than one source may report the fact.
"""

CX_EVIDENCE_KIND: Final = "cx.evidence.kind"
"""What a span or event is evidence of, in the experience score.

Set on each span and event of this convention that the score reads. One look at it decides how the
rest is read.
"""

CX_EVIDENCE_SHOWS: Final = "cx.evidence.shows"
"""The dimensions of the score in which this observation would have shown an impairment.

Set on evidence whose kind alone does not say it. Each item is a value of `cx.impairment.dimension`.
A dimension that nothing was able to show does not count as good.
"""

CX_EVIDENCE_START_TIME: Final = "cx.evidence.start_time"
"""When the fact began, in milliseconds since 1970-01-01T00:00:00Z.

Set where the source's own times differ from the span's or event's, as in reports that come later.
"""

CX_EXPERIENCE_ALGORITHM: Final = "cx.experience.algorithm"
"""The algorithm of the score.

Set together with the score. A fingerprint of the rules follows where they differ from the default.
Scores of different algorithms are not comparable.
"""

CX_EXPERIENCE_BLAME_LAYER: Final = "cx.experience.blame.layer"
"""The layer that cost the most points.

Set on the span that carries the segment when the culprit is known. Its values are those of
`cx.layer`.
"""

CX_EXPERIENCE_BLAME_OWNER: Final = "cx.experience.blame.owner"
"""Who owns the blamed system or layer.

Set on the span that carries the segment when the settings name an owner of the culprit.
"""

CX_EXPERIENCE_BLAME_STEP: Final = "cx.experience.blame.step"
"""The step in which the blamed system cost the most points.

Set on the span that carries the segment when the culprit's step is known.
"""

CX_EXPERIENCE_BLAME_SYSTEM: Final = "cx.experience.blame.system"
"""The system that cost the most points.

Set on the span that carries the segment when the culprit is known.
"""

CX_EXPERIENCE_CLASS: Final = "cx.experience.class"
"""The user-satisfaction class of the score, by the E-model's bands (ITU-T G.109).

Set on the span that carries the segment.
"""

CX_EXPERIENCE_COVERAGE: Final = "cx.experience.coverage"
"""The share of the score's dimensions that something was able to judge, from 0 to 1.

Set together with `cx.experience.class`. Only dimensions that apply to the channel count.
"""

CX_EXPERIENCE_LEDGER: Final = "cx.experience.ledger"
"""The exact ledger behind the score, as canonical JSON.

Set once, just before a journey's span ends. Ledgers of several segments merge into the journey's
score.
"""

CX_EXPERIENCE_LOST_EFFORT: Final = "cx.experience.lost.effort"
"""Points lost in effort: how often did the customer have to start over?

Set on the span that carries the segment when points were lost in this dimension.
"""

CX_EXPERIENCE_LOST_MEDIA: Final = "cx.experience.lost.media"
"""Points lost in media: could they hear each other?

Set on the span that carries the segment when points were lost in this dimension.
"""

CX_EXPERIENCE_LOST_REACH: Final = "cx.experience.lost.reach"
"""Points lost in reach: could the customer get through?

Set on the span that carries the segment when points were lost in this dimension.
"""

CX_EXPERIENCE_LOST_RELIABILITY: Final = "cx.experience.lost.reliability"
"""Points lost in reliability: did its parts work?

Set on the span that carries the segment when points were lost in this dimension.
"""

CX_EXPERIENCE_LOST_RESOLUTION: Final = "cx.experience.lost.resolution"
"""Points lost in resolution: did the customer get what they came for?

Set on the span that carries the segment when points were lost in this dimension.
"""

CX_EXPERIENCE_LOST_RESPONSIVENESS: Final = "cx.experience.lost.responsiveness"
"""Points lost in responsiveness: did it answer in time?

Set on the span that carries the segment when points were lost in this dimension.
"""

CX_EXPERIENCE_POINTS: Final = "cx.experience.points"
"""How many points of R this call added to what the customer suffered, rounded up.

Set on vendor calls that cost something, while their span is open; otherwise absent.
"""

CX_EXPERIENCE_REASONS: Final = "cx.experience.reasons"
"""What cost the most points, worst first.

Set on the span that carries the segment when points were lost. Each item is built from names, never
from content.
"""

CX_EXPERIENCE_SCORE: Final = "cx.experience.score"
"""The experience score of the segment, from 0 (worst) to 100.

Set on the span that carries the segment, as soon as enough was observed. Absent where too little
was observed to judge: no score is not a good score.
"""

CX_EXPERIENCE_SUPERSEDED: Final = "cx.experience.superseded"
"""Whether another span took over as carrier of the segment, so that this score no longer counts.

Set to `true` on a local root that was scored before a journey was opened under it; otherwise
absent.
"""

CX_FEEDBACK_KIND: Final = "cx.feedback.kind"
"""What the customer was asked to rate.

Set on each feedback. Feedback is kept beside the score and never changes it.
"""

CX_FEEDBACK_SCALE_MAX: Final = "cx.feedback.scale_max"
"""The highest rating that the customer could give.

Set on each feedback.
"""

CX_FEEDBACK_SCALE_MIN: Final = "cx.feedback.scale_min"
"""The lowest rating that the customer could give.

Set on each feedback.
"""

CX_FEEDBACK_VALUE: Final = "cx.feedback.value"
"""The customer's rating, on the scale it was asked on.

Set on each feedback.
"""

CX_HANDOFF_FORCED: Final = "cx.handoff.forced"
"""Whether the customer had no choice.

Set on channel switches where it is known.
"""

CX_HANDOFF_ID: Final = "cx.handoff.id"
"""The id of one handoff, so that two reports of it are known to be the same.

Set where the application or a vendor gives the handoff an id.
"""

CX_HANDOFF_KIND: Final = "cx.handoff.kind"
"""What kind of passing-on this is.

Set on each handoff.
"""

CX_HANDOFF_REASON: Final = "cx.handoff.reason"
"""Why the customer was passed on, as a short code.

Set where the application names a reason. Never free text.
"""

CX_HANDOFF_RESULT: Final = "cx.handoff.result"
"""How far the handoff got.

Set on each handoff. A declined handoff is an outcome, not an error of the span.
"""

CX_HANDOFF_WARM: Final = "cx.handoff.warm"
"""Whether the next party received the context, so that the customer need not repeat it.

Set where it is known.
"""

CX_HOLD_DURATION: Final = "cx.hold.duration"
"""How long the customer was put on hold, in milliseconds.

Set when the hold is over, or when a vendor reports it later.
"""

CX_IMPAIRMENT_DIMENSION: Final = "cx.impairment.dimension"
"""The dimension of the experience in which something hurt.

Set on each impairment, and on the metric of lost points.
"""

CX_IMPAIRMENT_POINTS: Final = "cx.impairment.points"
"""How many points of R the impairment added, rounded up.

Set on each impairment.
"""

CX_IMPAIRMENT_REASON: Final = "cx.impairment.reason"
"""What hurt, as a short code.

Set on each impairment. It is the name of the rule that priced it.
"""

CX_IMPAIRMENT_SPAN_ID: Final = "cx.impairment.span_id"
"""The id of the span that shows the impairment, as 16 hexadecimal digits.

Set on impairments that a span shows.
"""

CX_JOURNEY_CAUSE: Final = "cx.journey.cause"
"""How the journey's outcome came about.

Set together with `cx.journey.outcome`, or alone when the journey ended early without an outcome.
"""

CX_JOURNEY_COUNT: Final = "cx.journey.count"
"""How many journeys a local root span held.

Set on a local root that is not itself a journey, only when it held more than one.
"""

CX_JOURNEY_ID: Final = "cx.journey.id"
"""The id of the customer journey that this work is part of.

Set on every span started inside a journey, also on other libraries' spans, and on the local root
when it holds exactly one journey. It matches `[A-Za-z0-9._-]{1,64}`, is opaque, and should be
random: it crosses processes in W3C baggage. A generated id is the id of the journey's first trace.
"""

CX_JOURNEY_NAME: Final = "cx.journey.name"
"""What the customer is trying to get done, as a short name with few different values.

Set on the span of each journey, and on each metric about journeys.
"""

CX_JOURNEY_OUTCOME: Final = "cx.journey.outcome"
"""How the journey ended for the customer.

Set once an outcome is known, by declaration or because an exception left the journey's block. A
business outcome such as a declined transfer does not make the span an error.
"""

CX_LAYER: Final = "cx.layer"
"""Where in the stack the system is.

Set on each vendor call and each impairment whose system is known.
"""

CX_LINK_RELATION: Final = "cx.link.relation"
"""What a link to another span means.

Set on each span link that joins the traces of one journey.
"""

CX_MEDIA_BURST_DENSITY: Final = "cx.media.burst.density"
"""The share of packets that were lost within bursts, from 0 to 1.

Set where losses were followed packet by packet, as RFC 3611 defines bursts; 0 where there were
none.
"""

CX_MEDIA_CODEC: Final = "cx.media.codec"
"""The codec, by its name in the RTP payload formats registry, in lower case.

Set where it is known; `_OTHER` on metrics for a codec that is not in daily use. Without it neither
R nor MOS can be computed.
"""

CX_MEDIA_CONCEALMENT: Final = "cx.media.concealment"
"""The share of played samples that the receiver made up, from 0 to 1.

Set where the receiver reports it, as WebRTC does.
"""

CX_MEDIA_DIRECTION: Final = "cx.media.direction"
"""The direction of the media that was measured.

Set on each media observation whose direction is known.
"""

CX_MEDIA_DISCARD: Final = "cx.media.discard"
"""The share of packets that arrived too late to be played, from 0 to 1.

Set where the receiver's buffer reports it.
"""

CX_MEDIA_JITTER: Final = "cx.media.jitter"
"""The interarrival jitter, in seconds.

Set where it was measured as RFC 3550 defines it.
"""

CX_MEDIA_LEG_ID: Final = "cx.media.leg.id"
"""The id of the leg, the one-way or two-way stream between two points, that was measured.

Set where the source tells legs apart. It is derived from the source's own id, not from an address.
"""

CX_MEDIA_LEG_NAME: Final = "cx.media.leg.name"
"""Whose leg it is.

Set where it is known. It has few different values.
"""

CX_MEDIA_LOSS: Final = "cx.media.loss"
"""The share of packets that never arrived, from 0 to 1.

Set where packets were counted.
"""

CX_MEDIA_MODEL: Final = "cx.media.model"
"""The method behind an R or a MOS.

Set with each R and each MOS. A number without its method cannot be compared.
"""

CX_MEDIA_MOS: Final = "cx.media.mos"
"""The mean opinion score of the leg, from 1 to 5.

Set where it could be computed or was reported; otherwise absent, never 0. Compare only values of
the same `cx.media.model`.
"""

CX_MEDIA_MOUTH_TO_EAR: Final = "cx.media.mouth_to_ear"
"""The delay one way from the mouth of who speaks to the ear of who listens, in seconds.

Set where it was measured, or where both the network's delay and that of the endpoint are known.
"""

CX_MEDIA_OPINION: Final = "cx.media.opinion"
"""What an R or a MOS is an opinion of.

Set with each R and each MOS where it is known. The two cannot be compared where there is delay.
"""

CX_MEDIA_ORIGIN: Final = "cx.media.origin"
"""Whether the quality number was computed by us or reported by the source.

Set with each R and each MOS.
"""

CX_MEDIA_R: Final = "cx.media.r"
"""The transmission rating R of the leg, rounded, on the scale of its own codec's band.

Set where R could be computed or was reported; otherwise absent, never 0. The scale goes to 100 for
narrowband, 129 for wideband and 148 for fullband: see `cx.media.model`. Where a vendor reports only
a MOS, it is the R that G.107 gives that MOS.
"""

CX_MEDIA_ROUND_TRIP: Final = "cx.media.round_trip"
"""The round-trip time between the two ends, in seconds.

Set where sender and receiver reports allow it.
"""

CX_MEDIA_SILENT_DURATION: Final = "cx.media.silent_duration"
"""How much of the interval was silent although it should not have been, in milliseconds.

Set where one-way audio or missing media was found.
"""

CX_MEDIA_SOURCE: Final = "cx.media.source"
"""What the measurement was read from.

Set on each media observation: `rtp`, `rtcp`, `rtcp_xr`, `vq_rtcpxr`, `webrtc`, or the name of a
vendor's report.
"""

CX_MEDIA_TALK_DURATION: Final = "cx.media.talk_duration"
"""How much of the interval carried speech, in milliseconds.

Set where it is known; a leg's quality is weighted by it.
"""

CX_MEDIA_WARNING_NAME: Final = "cx.media.warning.name"
"""A named quality problem.

Set on each warning, and on a media observation whose vendor names a problem.
"""

CX_MEDIA_WARNING_STATE: Final = "cx.media.warning.state"
"""Whether a warning was raised or cleared.

Set on each warning.
"""

CX_MEDIA_WARNING_THRESHOLD: Final = "cx.media.warning.threshold"
"""The limit that the value was held against.

Set on warnings that have a number behind them.
"""

CX_MEDIA_WARNING_VALUE: Final = "cx.media.warning.value"
"""The value that raised or cleared the warning, in seconds, as a share from 0 to 1, or as a MOS.

Set on warnings that have a number behind them.
"""

CX_OPERATION_NAME: Final = "cx.operation.name"
"""What the call means, in a word of this convention rather than of the vendor's API.

Set on each vendor call. A call that is not recognised is `request`; paths and ids are never part of
it.
"""

CX_OWNER_NAME: Final = "cx.owner.name"
"""The team that owns the system or layer.

Set where the settings map the system or layer to an owner. It names a team, not a person.
"""

CX_PROMPT_VERSION: Final = "cx.prompt.version"
"""The version of the prompt that the bot or model was given.

Set where the application names it.
"""

CX_QUEUE_ANNOUNCED_WAIT: Final = "cx.queue.announced_wait"
"""The waiting time that the customer was told, in milliseconds.

Set where an announcement was made. A wait that was announced annoys less.
"""

CX_QUEUE_ID: Final = "cx.queue.id"
"""The vendor's id of the queue that the customer waits in.

Set where a vendor or the application names the queue by id.
"""

CX_QUEUE_NAME: Final = "cx.queue.name"
"""The name of the queue that the customer waits in.

Set where the queue's name is known. It is configuration, with few different values.
"""

CX_QUEUE_RESULT: Final = "cx.queue.result"
"""How the wait in the queue ended.

Set when the wait is over.
"""

CX_QUEUE_WAIT: Final = "cx.queue.wait"
"""How long the customer waited in the queue, in milliseconds.

Set when the wait is over, or when a vendor reports it later.
"""

CX_RATE_LIMIT_LIMIT: Final = "cx.rate_limit.limit"
"""How many calls the vendor allows in its current window.

Set where the response carries it.
"""

CX_RATE_LIMIT_REMAINING: Final = "cx.rate_limit.remaining"
"""How many calls are left in the vendor's current window.

Set where the response carries it.
"""

CX_RATE_LIMIT_RESET: Final = "cx.rate_limit.reset"
"""The time until the vendor's window begins anew, in seconds.

Set where the response carries it.
"""

CX_RECORD_ID: Final = "cx.record.id"
"""The id of a ticket, case or CRM object that the work is about.

Set on calls of business systems whose request or response names one object.
"""

CX_RECORD_TYPE: Final = "cx.record.type"
"""The type of the ticket, case or CRM object that the work is about.

Set on calls of business systems that name it. It is the vendor's name of a type, never free text.
"""

CX_SEGMENT_ID: Final = "cx.segment.id"
"""The id of the part of a journey that one process handled in one go.

Set on the span that carries a segment's score. It is that span's id in hexadecimal; a source that
reports later, such as a vendor's quality record, is a segment of its own, named after the source.
"""

CX_SEGMENT_REVISION: Final = "cx.segment.revision"
"""Which revision of a segment this is; the highest one counts.

Set when a segment is published more than once. A segment without it is revision 0.
"""

CX_STEP_NAME: Final = "cx.step.name"
"""The named stage of the journey that this work is part of.

Set on every span started inside a step, and on impairments that happened in one.
"""

CX_SYSTEM: Final = "cx.system"
"""The vendor's system, as a short name.

Set on each vendor call and each impairment whose system is known.
"""

CX_TELEMETRY_COMPONENT: Final = "cx.telemetry.component"
"""The part of cxotel in which an error was caught.

Set on the metric of caught errors.
"""

CX_TELEMETRY_TABLE: Final = "cx.telemetry.table"
"""The bounded table that dropped something.

Set on the metric of dropped items.
"""

CX_VENDOR_ERROR_CODE: Final = "cx.vendor.error_code"
"""The vendor's own code of the error.

Set on failed calls whose response or exception carries a code. The error's text is never set by
default.
"""

CX_VENDOR_REQUEST_ID: Final = "cx.vendor.request_id"
"""The vendor's id of the request, to quote to the vendor's support.

Set where the response carries one.
"""

DEPLOYMENT_ENVIRONMENT_NAME: Final = "deployment.environment.name"
"""A resource attribute, read to tell environments apart."""

DEPLOYMENT_ID: Final = "deployment.id"
"""Set where the application names its deployment."""

DEPLOYMENT_NAME: Final = "deployment.name"
"""Set where the application names its deployment."""

ENDUSER_PSEUDO_ID: Final = "enduser.pseudo.id"
"""Set to the pseudonym of the customer, where a key for pseudonyms is configured."""

ERROR_TYPE: Final = "error.type"
"""Set on failed calls: the class of the exception, or the status code. Never its text."""

FEATURE_FLAG_KEY: Final = "feature_flag.key"
"""Set where a feature flag decided something in the journey."""

FEATURE_FLAG_RESULT_VARIANT: Final = "feature_flag.result.variant"
"""Set beside `feature_flag.key`."""

GEN_AI_AGENT_ID: Final = "gen_ai.agent.id"
"""Set to the bot platform's id of the bot."""

GEN_AI_CONVERSATION_ID: Final = "gen_ai.conversation.id"
"""Set to the bot platform's id of the conversation."""

GEN_AI_OPERATION_NAME: Final = "gen_ai.operation.name"
"""Set on turns of bots and language models."""

GEN_AI_PROVIDER_NAME: Final = "gen_ai.provider.name"
"""Set on turns of bots and language models."""

GEN_AI_REQUEST_MODEL: Final = "gen_ai.request.model"
"""Set where the request names a model."""

GEN_AI_RESPONSE_MODEL: Final = "gen_ai.response.model"
"""Set where the response names a model."""

GEN_AI_SYSTEM: Final = "gen_ai.system"
"""Never set: read from libraries that still use this older name of `gen_ai.provider.name`."""

HTTP_REQUEST_METHOD: Final = "http.request.method"
"""Set on vendor calls over HTTP."""

HTTP_REQUEST_RESEND_COUNT: Final = "http.request.resend_count"
"""Set when the client library sent a request again."""

HTTP_RESPONSE_STATUS_CODE: Final = "http.response.status_code"
"""Set on vendor calls over HTTP that were answered."""

RPC_RESPONSE_STATUS_CODE: Final = "rpc.response.status_code"
"""Set on vendor calls over gRPC."""

SERVER_ADDRESS: Final = "server.address"
"""Set to the host that was called."""

SERVICE_NAME: Final = "service.name"
"""A resource attribute, read to tell which service a segment ran in."""

SERVICE_PEER_NAME: Final = "service.peer.name"
"""Set to the system's name, for backends that draw service graphs."""

SERVICE_VERSION: Final = "service.version"
"""A resource attribute, read to tell what changed."""

SESSION_ID: Final = "session.id"
"""Set beside `cx.journey.id` with the same value, for backends that group by session."""

SESSION_PREVIOUS_ID: Final = "session.previous_id"
"""Set where a journey continues one that had another id."""

URL_TEMPLATE: Final = "url.template"
"""Set where a path without ids is known. The full URL is never set."""

VCS_REF_HEAD_REVISION: Final = "vcs.ref.head.revision"
"""A resource attribute, read to tell what changed."""

PrivacyClass = Literal["public", "pseudonymous", "personal", "content"]
"""What may be done with a value. Only the first two leave the process by default."""

PRIVACY: Final[Mapping[str, PrivacyClass]] = MappingProxyType(
    {
        CX_AGENT_ID: "pseudonymous",
        CX_AUTHENTICATION_ID: "pseudonymous",
        CX_AUTHENTICATION_RESULT: "public",
        CX_BOT_CONVERSATION_ENDED: "public",
        CX_BOT_FLOW_NAME: "public",
        CX_BOT_INTENT_CONFIDENCE: "public",
        CX_BOT_INTENT_NAME: "public",
        CX_BOT_LOOP_ID: "public",
        CX_BOT_PAGE_NAME: "public",
        CX_BOT_SENTIMENT_SCORE: "public",
        CX_BOT_TURN_DURATION: "public",
        CX_BOT_TURN_FILLER_DELAY: "public",
        CX_BOT_TURN_ID: "public",
        CX_BOT_TURN_MATCH_TYPE: "public",
        CX_BOT_TURN_MEASURED_FROM: "public",
        CX_BOT_TURN_MODALITY: "public",
        CX_BOT_TURN_RESULT: "public",
        CX_BOT_UTTERANCE: "content",
        CX_BOT_WEBHOOK_DURATION: "public",
        CX_CALL_CUSTOMER_WAITING: "public",
        CX_CALL_ITEMS: "public",
        CX_CALL_MET: "public",
        CX_CALL_RECOVERED: "public",
        CX_CALL_RETRY_WAIT: "public",
        CX_CALL_THROTTLED: "public",
        CX_CALL_TIMED_OUT: "public",
        CX_CALLBACK_SYSTEM: "public",
        CX_CHANNEL: "public",
        CX_CONFIG_VERSION: "public",
        CX_CONTACT_ADDRESS: "personal",
        CX_CONTACT_ALIASES: "pseudonymous",
        CX_CONTACT_CONNECTED_DURATION: "public",
        CX_CONTACT_DIRECTION: "public",
        CX_CONTACT_ENDED_BY: "public",
        CX_CONTACT_ID: "pseudonymous",
        CX_CONTACT_POST_DIAL_DELAY: "public",
        CX_CONTACT_RELATION: "public",
        CX_CONTACT_STATUS: "public",
        CX_CUSTOMER_ID: "personal",
        CX_ERROR_MESSAGE: "content",
        CX_EVIDENCE_CAUSE: "public",
        CX_EVIDENCE_END_TIME: "public",
        CX_EVIDENCE_ID: "pseudonymous",
        CX_EVIDENCE_KIND: "public",
        CX_EVIDENCE_SHOWS: "public",
        CX_EVIDENCE_START_TIME: "public",
        CX_EXPERIENCE_ALGORITHM: "public",
        CX_EXPERIENCE_BLAME_LAYER: "public",
        CX_EXPERIENCE_BLAME_OWNER: "public",
        CX_EXPERIENCE_BLAME_STEP: "public",
        CX_EXPERIENCE_BLAME_SYSTEM: "public",
        CX_EXPERIENCE_CLASS: "public",
        CX_EXPERIENCE_COVERAGE: "public",
        CX_EXPERIENCE_LEDGER: "public",
        CX_EXPERIENCE_LOST_EFFORT: "public",
        CX_EXPERIENCE_LOST_MEDIA: "public",
        CX_EXPERIENCE_LOST_REACH: "public",
        CX_EXPERIENCE_LOST_RELIABILITY: "public",
        CX_EXPERIENCE_LOST_RESOLUTION: "public",
        CX_EXPERIENCE_LOST_RESPONSIVENESS: "public",
        CX_EXPERIENCE_POINTS: "public",
        CX_EXPERIENCE_REASONS: "public",
        CX_EXPERIENCE_SCORE: "public",
        CX_EXPERIENCE_SUPERSEDED: "public",
        CX_FEEDBACK_KIND: "public",
        CX_FEEDBACK_SCALE_MAX: "public",
        CX_FEEDBACK_SCALE_MIN: "public",
        CX_FEEDBACK_VALUE: "public",
        CX_HANDOFF_FORCED: "public",
        CX_HANDOFF_ID: "public",
        CX_HANDOFF_KIND: "public",
        CX_HANDOFF_REASON: "public",
        CX_HANDOFF_RESULT: "public",
        CX_HANDOFF_WARM: "public",
        CX_HOLD_DURATION: "public",
        CX_IMPAIRMENT_DIMENSION: "public",
        CX_IMPAIRMENT_POINTS: "public",
        CX_IMPAIRMENT_REASON: "public",
        CX_IMPAIRMENT_SPAN_ID: "public",
        CX_JOURNEY_CAUSE: "public",
        CX_JOURNEY_COUNT: "public",
        CX_JOURNEY_ID: "pseudonymous",
        CX_JOURNEY_NAME: "public",
        CX_JOURNEY_OUTCOME: "public",
        CX_LAYER: "public",
        CX_LINK_RELATION: "public",
        CX_MEDIA_BURST_DENSITY: "public",
        CX_MEDIA_CODEC: "public",
        CX_MEDIA_CONCEALMENT: "public",
        CX_MEDIA_DIRECTION: "public",
        CX_MEDIA_DISCARD: "public",
        CX_MEDIA_JITTER: "public",
        CX_MEDIA_LEG_ID: "pseudonymous",
        CX_MEDIA_LEG_NAME: "public",
        CX_MEDIA_LOSS: "public",
        CX_MEDIA_MODEL: "public",
        CX_MEDIA_MOS: "public",
        CX_MEDIA_MOUTH_TO_EAR: "public",
        CX_MEDIA_OPINION: "public",
        CX_MEDIA_ORIGIN: "public",
        CX_MEDIA_R: "public",
        CX_MEDIA_ROUND_TRIP: "public",
        CX_MEDIA_SILENT_DURATION: "public",
        CX_MEDIA_SOURCE: "public",
        CX_MEDIA_TALK_DURATION: "public",
        CX_MEDIA_WARNING_NAME: "public",
        CX_MEDIA_WARNING_STATE: "public",
        CX_MEDIA_WARNING_THRESHOLD: "public",
        CX_MEDIA_WARNING_VALUE: "public",
        CX_OPERATION_NAME: "public",
        CX_OWNER_NAME: "public",
        CX_PROMPT_VERSION: "public",
        CX_QUEUE_ANNOUNCED_WAIT: "public",
        CX_QUEUE_ID: "public",
        CX_QUEUE_NAME: "public",
        CX_QUEUE_RESULT: "public",
        CX_QUEUE_WAIT: "public",
        CX_RATE_LIMIT_LIMIT: "public",
        CX_RATE_LIMIT_REMAINING: "public",
        CX_RATE_LIMIT_RESET: "public",
        CX_RECORD_ID: "pseudonymous",
        CX_RECORD_TYPE: "public",
        CX_SEGMENT_ID: "public",
        CX_SEGMENT_REVISION: "public",
        CX_STEP_NAME: "public",
        CX_SYSTEM: "public",
        CX_TELEMETRY_COMPONENT: "public",
        CX_TELEMETRY_TABLE: "public",
        CX_VENDOR_ERROR_CODE: "public",
        CX_VENDOR_REQUEST_ID: "pseudonymous",
        DEPLOYMENT_ENVIRONMENT_NAME: "public",
        DEPLOYMENT_ID: "public",
        DEPLOYMENT_NAME: "public",
        ENDUSER_PSEUDO_ID: "pseudonymous",
        ERROR_TYPE: "public",
        FEATURE_FLAG_KEY: "public",
        FEATURE_FLAG_RESULT_VARIANT: "public",
        GEN_AI_AGENT_ID: "public",
        GEN_AI_CONVERSATION_ID: "pseudonymous",
        GEN_AI_OPERATION_NAME: "public",
        GEN_AI_PROVIDER_NAME: "public",
        GEN_AI_REQUEST_MODEL: "public",
        GEN_AI_RESPONSE_MODEL: "public",
        GEN_AI_SYSTEM: "public",
        HTTP_REQUEST_METHOD: "public",
        HTTP_REQUEST_RESEND_COUNT: "public",
        HTTP_RESPONSE_STATUS_CODE: "public",
        RPC_RESPONSE_STATUS_CODE: "public",
        SERVER_ADDRESS: "public",
        SERVICE_NAME: "public",
        SERVICE_PEER_NAME: "public",
        SERVICE_VERSION: "public",
        SESSION_ID: "pseudonymous",
        SESSION_PREVIOUS_ID: "pseudonymous",
        URL_TEMPLATE: "public",
        VCS_REF_HEAD_REVISION: "public",
    }
)
"""The privacy class of every key above."""

TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        CX_AGENT_ID: "string",
        CX_AUTHENTICATION_ID: "string",
        CX_AUTHENTICATION_RESULT: "string",
        CX_BOT_CONVERSATION_ENDED: "boolean",
        CX_BOT_FLOW_NAME: "string",
        CX_BOT_INTENT_CONFIDENCE: "double",
        CX_BOT_INTENT_NAME: "string",
        CX_BOT_LOOP_ID: "string",
        CX_BOT_PAGE_NAME: "string",
        CX_BOT_SENTIMENT_SCORE: "double",
        CX_BOT_TURN_DURATION: "int",
        CX_BOT_TURN_FILLER_DELAY: "int",
        CX_BOT_TURN_ID: "string",
        CX_BOT_TURN_MATCH_TYPE: "string",
        CX_BOT_TURN_MEASURED_FROM: "string",
        CX_BOT_TURN_MODALITY: "string",
        CX_BOT_TURN_RESULT: "string",
        CX_BOT_UTTERANCE: "string",
        CX_BOT_WEBHOOK_DURATION: "int",
        CX_CALL_CUSTOMER_WAITING: "boolean",
        CX_CALL_ITEMS: "int",
        CX_CALL_MET: "boolean",
        CX_CALL_RECOVERED: "boolean",
        CX_CALL_RETRY_WAIT: "int",
        CX_CALL_THROTTLED: "boolean",
        CX_CALL_TIMED_OUT: "boolean",
        CX_CALLBACK_SYSTEM: "string",
        CX_CHANNEL: "string",
        CX_CONFIG_VERSION: "string",
        CX_CONTACT_ADDRESS: "string",
        CX_CONTACT_ALIASES: "string[]",
        CX_CONTACT_CONNECTED_DURATION: "int",
        CX_CONTACT_DIRECTION: "string",
        CX_CONTACT_ENDED_BY: "string",
        CX_CONTACT_ID: "string",
        CX_CONTACT_POST_DIAL_DELAY: "int",
        CX_CONTACT_RELATION: "string",
        CX_CONTACT_STATUS: "string",
        CX_CUSTOMER_ID: "string",
        CX_ERROR_MESSAGE: "string",
        CX_EVIDENCE_CAUSE: "string",
        CX_EVIDENCE_END_TIME: "int",
        CX_EVIDENCE_ID: "string",
        CX_EVIDENCE_KIND: "string",
        CX_EVIDENCE_SHOWS: "string[]",
        CX_EVIDENCE_START_TIME: "int",
        CX_EXPERIENCE_ALGORITHM: "string",
        CX_EXPERIENCE_BLAME_LAYER: "string",
        CX_EXPERIENCE_BLAME_OWNER: "string",
        CX_EXPERIENCE_BLAME_STEP: "string",
        CX_EXPERIENCE_BLAME_SYSTEM: "string",
        CX_EXPERIENCE_CLASS: "string",
        CX_EXPERIENCE_COVERAGE: "double",
        CX_EXPERIENCE_LEDGER: "string",
        CX_EXPERIENCE_LOST_EFFORT: "int",
        CX_EXPERIENCE_LOST_MEDIA: "int",
        CX_EXPERIENCE_LOST_REACH: "int",
        CX_EXPERIENCE_LOST_RELIABILITY: "int",
        CX_EXPERIENCE_LOST_RESOLUTION: "int",
        CX_EXPERIENCE_LOST_RESPONSIVENESS: "int",
        CX_EXPERIENCE_POINTS: "int",
        CX_EXPERIENCE_REASONS: "string[]",
        CX_EXPERIENCE_SCORE: "int",
        CX_EXPERIENCE_SUPERSEDED: "boolean",
        CX_FEEDBACK_KIND: "string",
        CX_FEEDBACK_SCALE_MAX: "double",
        CX_FEEDBACK_SCALE_MIN: "double",
        CX_FEEDBACK_VALUE: "double",
        CX_HANDOFF_FORCED: "boolean",
        CX_HANDOFF_ID: "string",
        CX_HANDOFF_KIND: "string",
        CX_HANDOFF_REASON: "string",
        CX_HANDOFF_RESULT: "string",
        CX_HANDOFF_WARM: "boolean",
        CX_HOLD_DURATION: "int",
        CX_IMPAIRMENT_DIMENSION: "string",
        CX_IMPAIRMENT_POINTS: "int",
        CX_IMPAIRMENT_REASON: "string",
        CX_IMPAIRMENT_SPAN_ID: "string",
        CX_JOURNEY_CAUSE: "string",
        CX_JOURNEY_COUNT: "int",
        CX_JOURNEY_ID: "string",
        CX_JOURNEY_NAME: "string",
        CX_JOURNEY_OUTCOME: "string",
        CX_LAYER: "string",
        CX_LINK_RELATION: "string",
        CX_MEDIA_BURST_DENSITY: "double",
        CX_MEDIA_CODEC: "string",
        CX_MEDIA_CONCEALMENT: "double",
        CX_MEDIA_DIRECTION: "string",
        CX_MEDIA_DISCARD: "double",
        CX_MEDIA_JITTER: "double",
        CX_MEDIA_LEG_ID: "string",
        CX_MEDIA_LEG_NAME: "string",
        CX_MEDIA_LOSS: "double",
        CX_MEDIA_MODEL: "string",
        CX_MEDIA_MOS: "double",
        CX_MEDIA_MOUTH_TO_EAR: "double",
        CX_MEDIA_OPINION: "string",
        CX_MEDIA_ORIGIN: "string",
        CX_MEDIA_R: "int",
        CX_MEDIA_ROUND_TRIP: "double",
        CX_MEDIA_SILENT_DURATION: "int",
        CX_MEDIA_SOURCE: "string",
        CX_MEDIA_TALK_DURATION: "int",
        CX_MEDIA_WARNING_NAME: "string",
        CX_MEDIA_WARNING_STATE: "string",
        CX_MEDIA_WARNING_THRESHOLD: "double",
        CX_MEDIA_WARNING_VALUE: "double",
        CX_OPERATION_NAME: "string",
        CX_OWNER_NAME: "string",
        CX_PROMPT_VERSION: "string",
        CX_QUEUE_ANNOUNCED_WAIT: "int",
        CX_QUEUE_ID: "string",
        CX_QUEUE_NAME: "string",
        CX_QUEUE_RESULT: "string",
        CX_QUEUE_WAIT: "int",
        CX_RATE_LIMIT_LIMIT: "int",
        CX_RATE_LIMIT_REMAINING: "int",
        CX_RATE_LIMIT_RESET: "int",
        CX_RECORD_ID: "string",
        CX_RECORD_TYPE: "string",
        CX_SEGMENT_ID: "string",
        CX_SEGMENT_REVISION: "int",
        CX_STEP_NAME: "string",
        CX_SYSTEM: "string",
        CX_TELEMETRY_COMPONENT: "string",
        CX_TELEMETRY_TABLE: "string",
        CX_VENDOR_ERROR_CODE: "string",
        CX_VENDOR_REQUEST_ID: "string",
        DEPLOYMENT_ENVIRONMENT_NAME: "string",
        DEPLOYMENT_ID: "string",
        DEPLOYMENT_NAME: "string",
        ENDUSER_PSEUDO_ID: "string",
        ERROR_TYPE: "string",
        FEATURE_FLAG_KEY: "string",
        FEATURE_FLAG_RESULT_VARIANT: "string",
        GEN_AI_AGENT_ID: "string",
        GEN_AI_CONVERSATION_ID: "string",
        GEN_AI_OPERATION_NAME: "string",
        GEN_AI_PROVIDER_NAME: "string",
        GEN_AI_REQUEST_MODEL: "string",
        GEN_AI_RESPONSE_MODEL: "string",
        GEN_AI_SYSTEM: "string",
        HTTP_REQUEST_METHOD: "string",
        HTTP_REQUEST_RESEND_COUNT: "int",
        HTTP_RESPONSE_STATUS_CODE: "int",
        RPC_RESPONSE_STATUS_CODE: "string",
        SERVER_ADDRESS: "string",
        SERVICE_NAME: "string",
        SERVICE_PEER_NAME: "string",
        SERVICE_VERSION: "string",
        SESSION_ID: "string",
        SESSION_PREVIOUS_ID: "string",
        URL_TEMPLATE: "string",
        VCS_REF_HEAD_REVISION: "string",
    }
)
"""The type of every key: `string`, `int`, `double`, `boolean`, or a list such as `string[]`."""


class _Values(str, Enum):
    """A closed set of strings whose members print as their value on every version of Python."""

    __str__ = str.__str__
    __format__ = str.__format__


class CxAuthenticationResultValues(_Values):
    """The values of `cx.authentication.result`."""

    SUCCEEDED = "succeeded"
    """The customer is who they claim to be."""
    FAILED = "failed"
    """The customer could not be authenticated."""
    TIMED_OUT = "timed_out"
    """The customer or the system did not answer in time."""


class CxBotTurnMeasuredFromValues(_Values):
    """The values of `cx.bot.turn.measured_from`."""

    END_OF_SPEECH = "end_of_speech"
    """The customer stopped speaking."""
    REQUEST = "request"
    """The request to the bot was sent."""


class CxBotTurnModalityValues(_Values):
    """The values of `cx.bot.turn.modality`."""

    VOICE = "voice"
    """The customer speaks and listens."""
    TEXT = "text"
    """The customer writes and reads."""


class CxBotTurnResultValues(_Values):
    """The values of `cx.bot.turn.result`."""

    MATCHED = "matched"
    """The bot understood."""
    NO_MATCH = "no_match"
    """The bot did not understand."""
    NO_INPUT = "no_input"
    """The bot heard nothing."""
    FALLBACK = "fallback"
    """The bot answered with its stopgap."""
    ESCALATED = "escalated"
    """The bot passed the customer on."""


class CxChannelValues(_Values):
    """The values of `cx.channel`."""

    VOICE = "voice"
    """A telephone or internet call."""
    CHAT = "chat"
    """A live chat in which both sides wait for each other."""
    MESSAGING = "messaging"
    """Messages that may be answered later."""
    EMAIL = "email"
    """E-mail."""
    SMS = "sms"
    """Short messages."""
    VIDEO = "video"
    """A video call."""
    WEB = "web"
    """A web page or an app."""


class CxContactDirectionValues(_Values):
    """The values of `cx.contact.direction`."""

    INBOUND = "inbound"
    """The customer came to us."""
    OUTBOUND = "outbound"
    """We reached out to the customer."""


class CxContactEndedByValues(_Values):
    """The values of `cx.contact.ended_by`."""

    CUSTOMER = "customer"
    """The customer."""
    AGENT = "agent"
    """The agent, human or bot."""
    SYSTEM = "system"
    """A system, such as a flow or a timer."""
    NETWORK = "network"
    """The network, by a fault."""


class CxContactRelationValues(_Values):
    """The values of `cx.contact.relation`."""

    NEW = "new"
    """The first contact of its journey."""
    REPEAT = "repeat"
    """The customer had to come back for the same thing."""
    CONTINUATION = "continuation"
    """A planned further contact, such as a callback."""


class CxContactStatusValues(_Values):
    """The values of `cx.contact.status`."""

    QUEUED = "queued"
    """It waits to be placed."""
    RINGING = "ringing"
    """The other side is being alerted."""
    CONNECTED = "connected"
    """Both sides are in touch."""
    COMPLETED = "completed"
    """It was connected and ended normally."""
    BUSY = "busy"
    """The other side was busy."""
    NO_ANSWER = "no_answer"
    """Nobody answered."""
    FAILED = "failed"
    """It could not be connected."""
    CANCELED = "canceled"
    """It was given up before it was connected."""
    DROPPED = "dropped"
    """It was cut off while connected, by neither side's wish."""


class CxEvidenceKindValues(_Values):
    """The values of `cx.evidence.kind`."""

    CALL = "call"
    """A call of a system."""
    CALLBACK = "callback"
    """A call that a vendor makes to us."""
    TURN = "turn"
    """A turn of a bot."""
    QUEUE = "queue"
    """A wait in a queue."""
    HANDOFF = "handoff"
    """A handoff."""
    HOLD = "hold"
    """A time on hold."""
    CONTACT = "contact"
    """A contact's state."""
    MEDIA = "media"
    """The media quality of a leg."""
    AUTHENTICATION = "authentication"
    """An authentication of the customer."""
    OUTCOME = "outcome"
    """The journey's outcome."""
    IMPAIRMENT = "impairment"
    """Something that hurt."""
    FEEDBACK = "feedback"
    """The customer's own rating."""


class CxExperienceClassValues(_Values):
    """The values of `cx.experience.class`."""

    VERY_SATISFIED = "very_satisfied"
    """90 and above."""
    SATISFIED = "satisfied"
    """80 to 89."""
    SOME_DISSATISFIED = "some_dissatisfied"
    """70 to 79."""
    MANY_DISSATISFIED = "many_dissatisfied"
    """60 to 69."""
    NEARLY_ALL_DISSATISFIED = "nearly_all_dissatisfied"
    """50 to 59."""
    NOT_RECOMMENDED = "not_recommended"
    """Below 50."""
    UNCLASSIFIED = "unclassified"
    """Too little was observed to judge."""


class CxFeedbackKindValues(_Values):
    """The values of `cx.feedback.kind`."""

    CSAT = "csat"
    """Customer satisfaction."""
    NPS = "nps"
    """Net promoter score."""
    CES = "ces"
    """Customer effort score."""


class CxHandoffKindValues(_Values):
    """The values of `cx.handoff.kind`."""

    BOT_TO_HUMAN = "bot_to_human"
    """A bot passes the customer to a human."""
    QUEUE = "queue"
    """The customer is put into a queue."""
    TRANSFER_WARM = "transfer_warm"
    """The next party was told about the customer first."""
    TRANSFER_COLD = "transfer_cold"
    """The next party knows nothing."""
    CHANNEL_SWITCH = "channel_switch"
    """The customer goes on in another channel."""


class CxHandoffResultValues(_Values):
    """The values of `cx.handoff.result`."""

    REQUESTED = "requested"
    """It was asked for."""
    ACCEPTED = "accepted"
    """The next party agreed."""
    DECLINED = "declined"
    """The next party refused."""
    FAILED = "failed"
    """A fault prevented it."""
    TIMED_OUT = "timed_out"
    """Nobody took it in time."""
    ABANDONED = "abandoned"
    """The customer gave up meanwhile."""
    COMPLETED = "completed"
    """The customer is with the next party."""


class CxImpairmentDimensionValues(_Values):
    """The values of `cx.impairment.dimension`."""

    REACH = "reach"
    """Could the customer get through?"""
    RESPONSIVENESS = "responsiveness"
    """Did it answer in time?"""
    RELIABILITY = "reliability"
    """Did its parts work?"""
    MEDIA = "media"
    """Could they hear each other?"""
    EFFORT = "effort"
    """How often did the customer have to start over?"""
    RESOLUTION = "resolution"
    """Did the customer get what they came for?"""


class CxJourneyCauseValues(_Values):
    """The values of `cx.journey.cause`."""

    DECLARED = "declared"
    """The application said so."""
    EXCEPTION = "exception"
    """An exception left the journey's block."""
    CANCELLED = "cancelled"
    """The task that handled the journey was cancelled."""
    CLOSED = "closed"
    """A generator or stream that carried the journey was closed early."""


class CxJourneyOutcomeValues(_Values):
    """The values of `cx.journey.outcome`."""

    RESOLVED = "resolved"
    """The customer got what they came for."""
    CONTAINED = "contained"
    """The bot served the customer and no human was needed."""
    ESCALATED = "escalated"
    """The customer was passed on to be served elsewhere."""
    ABANDONED = "abandoned"
    """The customer gave up."""
    UNRESOLVED = "unresolved"
    """The contact ended and the customer still lacks what they came for."""
    FAILED = "failed"
    """A fault of a system ended the contact."""


class CxLayerValues(_Values):
    """The values of `cx.layer`."""

    CHANNEL = "channel"
    """What the customer is in touch through: telephony, messaging, chat."""
    CONTACT_CENTER = "contact_center"
    """Routing, queues and agents' desktops."""
    BUSINESS_SYSTEM = "business_system"
    """CRM, ticketing, orders."""
    IDENTITY = "identity"
    """Who the customer is."""
    KNOWLEDGE = "knowledge"
    """Search and knowledge bases."""
    PAYMENT = "payment"
    """Payments."""
    AI = "ai"
    """Bots, language models, speech."""
    CONNECTIVITY = "connectivity"
    """Networks, trunks and gateways that carry the media."""


class CxLinkRelationValues(_Values):
    """The values of `cx.link.relation`."""

    PREVIOUS_SEGMENT = "previous_segment"
    """The linked span carried the journey before."""
    SAME_JOURNEY = "same_journey"
    """The linked span is of the same journey."""


class CxMediaDirectionValues(_Values):
    """The values of `cx.media.direction`."""

    INBOUND = "inbound"
    """Received where it was measured."""
    OUTBOUND = "outbound"
    """Sent from where it was measured, judged by the far end's reports."""


class CxMediaModelValues(_Values):
    """The values of `cx.media.model`."""

    G107 = "g107"
    """ITU-T G.107, narrowband."""
    G107_1 = "g107.1"
    """ITU-T G.107.1, wideband."""
    G107_2 = "g107.2"
    """ITU-T G.107.2, fullband."""
    VENDOR = "vendor"
    """The vendor's own, unpublished method."""


class CxMediaOpinionValues(_Values):
    """The values of `cx.media.opinion`."""

    LISTENING = "listening"
    """Of listening alone, as in MOS-LQ: delay is left out."""
    CONVERSATIONAL = "conversational"
    """Of conversing, as in MOS-CQ: delay counts."""


class CxMediaOriginValues(_Values):
    """The values of `cx.media.origin`."""

    COMPUTED = "computed"
    """We computed it from measurements."""
    REPORTED = "reported"
    """The source reported it."""


class CxMediaWarningNameValues(_Values):
    """The values of `cx.media.warning.name`."""

    HIGH_JITTER = "high_jitter"
    """Packets came at very uneven times."""
    HIGH_ROUND_TRIP = "high_round_trip"
    """Packets took long there and back."""
    HIGH_LOSS = "high_loss"
    """Packets were lost all the time."""
    LOSS_BURST = "loss_burst"
    """Many packets were lost in a short time."""
    HIGH_CONCEALMENT = "high_concealment"
    """Much of the sound was made up by the receiver."""
    LOW_MOS = "low_mos"
    """The quality was bad by its overall number."""
    ONE_WAY_AUDIO = "one_way_audio"
    """Media went one way only."""
    SILENCE = "silence"
    """No media came at all."""


class CxMediaWarningStateValues(_Values):
    """The values of `cx.media.warning.state`."""

    RAISED = "raised"
    """The problem lasted long enough to warn of it."""
    CLEARED = "cleared"
    """It was gone for long enough."""


class CxQueueResultValues(_Values):
    """The values of `cx.queue.result`."""

    ANSWERED = "answered"
    """An agent took the contact."""
    ABANDONED = "abandoned"
    """The customer gave up."""
    OVERFLOWED = "overflowed"
    """The contact went on to another queue."""
    TIMED_OUT = "timed_out"
    """The longest allowed wait was over."""
    CANCELED = "canceled"
    """The application took the contact out, for example for a callback."""


CxAuthenticationResult = Literal[
    "succeeded",
    "failed",
    "timed_out",
]
"""The values of `cx.authentication.result`, for annotations."""

CxBotTurnMeasuredFrom = Literal[
    "end_of_speech",
    "request",
]
"""The values of `cx.bot.turn.measured_from`, for annotations."""

CxBotTurnModality = Literal[
    "voice",
    "text",
]
"""The values of `cx.bot.turn.modality`, for annotations."""

CxBotTurnResult = Literal[
    "matched",
    "no_match",
    "no_input",
    "fallback",
    "escalated",
]
"""The values of `cx.bot.turn.result`, for annotations."""

CxChannel = Literal[
    "voice",
    "chat",
    "messaging",
    "email",
    "sms",
    "video",
    "web",
]
"""The values of `cx.channel`, for annotations."""

CxContactDirection = Literal[
    "inbound",
    "outbound",
]
"""The values of `cx.contact.direction`, for annotations."""

CxContactEndedBy = Literal[
    "customer",
    "agent",
    "system",
    "network",
]
"""The values of `cx.contact.ended_by`, for annotations."""

CxContactRelation = Literal[
    "new",
    "repeat",
    "continuation",
]
"""The values of `cx.contact.relation`, for annotations."""

CxContactStatus = Literal[
    "queued",
    "ringing",
    "connected",
    "completed",
    "busy",
    "no_answer",
    "failed",
    "canceled",
    "dropped",
]
"""The values of `cx.contact.status`, for annotations."""

CxEvidenceKind = Literal[
    "call",
    "callback",
    "turn",
    "queue",
    "handoff",
    "hold",
    "contact",
    "media",
    "authentication",
    "outcome",
    "impairment",
    "feedback",
]
"""The values of `cx.evidence.kind`, for annotations."""

CxExperienceClass = Literal[
    "very_satisfied",
    "satisfied",
    "some_dissatisfied",
    "many_dissatisfied",
    "nearly_all_dissatisfied",
    "not_recommended",
    "unclassified",
]
"""The values of `cx.experience.class`, for annotations."""

CxFeedbackKind = Literal[
    "csat",
    "nps",
    "ces",
]
"""The values of `cx.feedback.kind`, for annotations."""

CxHandoffKind = Literal[
    "bot_to_human",
    "queue",
    "transfer_warm",
    "transfer_cold",
    "channel_switch",
]
"""The values of `cx.handoff.kind`, for annotations."""

CxHandoffResult = Literal[
    "requested",
    "accepted",
    "declined",
    "failed",
    "timed_out",
    "abandoned",
    "completed",
]
"""The values of `cx.handoff.result`, for annotations."""

CxImpairmentDimension = Literal[
    "reach",
    "responsiveness",
    "reliability",
    "media",
    "effort",
    "resolution",
]
"""The values of `cx.impairment.dimension`, for annotations."""

CxJourneyCause = Literal[
    "declared",
    "exception",
    "cancelled",
    "closed",
]
"""The values of `cx.journey.cause`, for annotations."""

CxJourneyOutcome = Literal[
    "resolved",
    "contained",
    "escalated",
    "abandoned",
    "unresolved",
    "failed",
]
"""The values of `cx.journey.outcome`, for annotations."""

CxLayer = Literal[
    "channel",
    "contact_center",
    "business_system",
    "identity",
    "knowledge",
    "payment",
    "ai",
    "connectivity",
]
"""The values of `cx.layer`, for annotations."""

CxLinkRelation = Literal[
    "previous_segment",
    "same_journey",
]
"""The values of `cx.link.relation`, for annotations."""

CxMediaDirection = Literal[
    "inbound",
    "outbound",
]
"""The values of `cx.media.direction`, for annotations."""

CxMediaModel = Literal[
    "g107",
    "g107.1",
    "g107.2",
    "vendor",
]
"""The values of `cx.media.model`, for annotations."""

CxMediaOpinion = Literal[
    "listening",
    "conversational",
]
"""The values of `cx.media.opinion`, for annotations."""

CxMediaOrigin = Literal[
    "computed",
    "reported",
]
"""The values of `cx.media.origin`, for annotations."""

CxMediaWarningName = Literal[
    "high_jitter",
    "high_round_trip",
    "high_loss",
    "loss_burst",
    "high_concealment",
    "low_mos",
    "one_way_audio",
    "silence",
]
"""The values of `cx.media.warning.name`, for annotations."""

CxMediaWarningState = Literal[
    "raised",
    "cleared",
]
"""The values of `cx.media.warning.state`, for annotations."""

CxQueueResult = Literal[
    "answered",
    "abandoned",
    "overflowed",
    "timed_out",
    "canceled",
]
"""The values of `cx.queue.result`, for annotations."""
