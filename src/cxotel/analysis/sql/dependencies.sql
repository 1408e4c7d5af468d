-- How much each service's journeys depend on each system, and how that fares. Percentiles are
-- t-digests': their error is a fraction of a percent at the ends. A span that was sent twice counts
-- once.
SELECT
    Service, Layer, System, count() AS Calls, countIf(Error != '') AS Errors,
    countIf(Throttled = 'true') AS ThrottledCalls, Errors / Calls AS ErrorShare,
    quantilesTDigest(0.5, 0.95, 0.99)(Length / 1e6) AS Milliseconds,
    sum(toUInt32OrZero(Points)) AS Lost, uniq(JourneyId) AS Journeys
FROM (
    SELECT
        any(ServiceName) AS Service, any(SpanAttributes['{CX_LAYER}']) AS Layer,
        any(SpanAttributes['{CX_SYSTEM}']) AS System, any(SpanAttributes['{ERROR_TYPE}']) AS Error,
        any(SpanAttributes['{CX_CALL_THROTTLED}']) AS Throttled,
        max(SpanAttributes['{CX_EXPERIENCE_POINTS}']) AS Points,
        any(SpanAttributes['{CX_JOURNEY_ID}']) AS JourneyId, any(Duration) AS Length
    FROM otel_traces
    WHERE SpanAttributes['{CX_OPERATION_NAME}'] != '' AND SpanAttributes['{CX_SYSTEM}'] != ''
        AND Timestamp >= {since:DateTime}
    GROUP BY TraceId, SpanId
)
GROUP BY Service, Layer, System
ORDER BY Lost DESC, Errors DESC, Calls DESC, Service, System
LIMIT {top:UInt32}
