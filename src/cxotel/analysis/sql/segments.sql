-- What each segment of a journey last stated. A state holds the largest statement, and of two the
-- later revision is larger, then that which was worked out from more spans (0 for the carrier's own),
-- then that with the larger canonical bytes: a second copy, or an older statement that comes days
-- later, changes nothing.
CREATE TABLE IF NOT EXISTS cx_segments (
    JourneyId String CODEC(ZSTD(1)),
    SegmentId String CODEC(ZSTD(1)),
    Latest AggregateFunction(max, Tuple(
        Revision Int64,
        Known UInt32,
        Contacts String,
        Start String,
        Ledger String,
        Service String,
        Duration UInt64,
        Score String,
        BlameLayer String,
        BlameSystem String
    )) CODEC(ZSTD(1))
) ENGINE = AggregatingMergeTree
ORDER BY (JourneyId, SegmentId);

-- Every journey span that carries a ledger states a segment. Its contact's ids stand on it, and in
-- what it tells of contacts. They are written as JSON, the start as digits, because canonical
-- bytes are compared as text.
CREATE MATERIALIZED VIEW IF NOT EXISTS cx_segments_of_traces TO cx_segments AS
WITH
    arrayFilter(attributes -> attributes['{CX_EVIDENCE_KIND}'] = 'contact', Events.Attributes)
        AS told,
    arrayConcat([SpanAttributes], told) AS telling,
    arrayConcat(
        arrayMap(attributes -> attributes['{CX_CONTACT_ID}'], telling),
        arrayFlatten(arrayMap(
            attributes -> JSONExtract(attributes['{CX_CONTACT_ALIASES}'], 'Array(String)'), telling))
    ) AS ids
SELECT
    SpanAttributes['{CX_JOURNEY_ID}'] AS JourneyId,
    if(SpanAttributes['{CX_SEGMENT_ID}'] = '', SpanId, SpanAttributes['{CX_SEGMENT_ID}'])
        AS SegmentId,
    maxState((
        toInt64OrZero(SpanAttributes['{CX_SEGMENT_REVISION}']),
        toUInt32(0),
        replaceAll(
            toJSONString(arraySort(arrayDistinct(arrayFilter(id -> id != '', ids)))), '\\/', '/'),
        toString(toUnixTimestamp64Milli(Timestamp)),
        SpanAttributes['{CX_EXPERIENCE_LEDGER}'],
        toString(ServiceName),
        Duration,
        SpanAttributes['{CX_EXPERIENCE_SCORE}'],
        SpanAttributes['{CX_EXPERIENCE_BLAME_LAYER}'],
        SpanAttributes['{CX_EXPERIENCE_BLAME_SYSTEM}']
    )) AS Latest
FROM otel_traces
WHERE SpanAttributes['{CX_JOURNEY_ID}'] != ''
    AND isValidJSON(SpanAttributes['{CX_EXPERIENCE_LEDGER}'])
GROUP BY JourneyId, SegmentId
