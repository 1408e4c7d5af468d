-- The spans of one part of the journeys that are not complete, a journey's together.
SELECT
    SpanAttributes['{CX_JOURNEY_ID}'] AS JourneyId, toUnixTimestamp64Nano(Timestamp) AS Started,
    Duration, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, StatusCode, ScopeName,
    ResourceAttributes, SpanAttributes,
    arrayMap(time -> toUnixTimestamp64Nano(time), Events.Timestamp) AS EventTimes,
    Events.Name AS EventNames, Events.Attributes AS EventAttributes
FROM otel_traces
WHERE JourneyId IN (
    SELECT JourneyId FROM cx_incomplete WHERE cityHash64(JourneyId) % {pages:UInt32} = {page:UInt32}
)
ORDER BY JourneyId
LIMIT 1 BY TraceId, SpanId
