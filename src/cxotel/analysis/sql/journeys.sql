-- What is told of each journey as a whole. Every function here gives the same whether a span came
-- once or twice, and in whatever order.
CREATE TABLE IF NOT EXISTS cx_journeys (
    JourneyId String CODEC(ZSTD(1)),
    Name AggregateFunction(argMinIf, String, DateTime64(9), UInt8),
    Start SimpleAggregateFunction(min, DateTime64(9)),
    End SimpleAggregateFunction(max, DateTime64(9)),
    Spans AggregateFunction(uniq, String),
    Services SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
    Channels SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
    Escalated SimpleAggregateFunction(max, UInt8),
    Unstated SimpleAggregateFunction(max, UInt8),
    Told SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
    Arrived SimpleAggregateFunction(max, DateTime)
) ENGINE = AggregatingMergeTree
ORDER BY JourneyId;

CREATE MATERIALIZED VIEW IF NOT EXISTS cx_journeys_of_traces TO cx_journeys AS
WITH
    arrayFilter(attributes -> attributes['{CX_EVIDENCE_KIND}'] = 'contact',
        arrayConcat([SpanAttributes], Events.Attributes)) AS told,
    arrayFilter(id -> id != '', arrayConcat(
        arrayMap(attributes -> attributes['{CX_CONTACT_ID}'], told),
        arrayFlatten(arrayMap(
            attributes -> JSONExtract(attributes['{CX_CONTACT_ALIASES}'], 'Array(String)'), told))
    )) AS ids
SELECT
    SpanAttributes['{CX_JOURNEY_ID}'] AS JourneyId,
    argMinIfState(
        SpanAttributes['{CX_JOURNEY_NAME}'], Timestamp, SpanAttributes['{CX_JOURNEY_NAME}'] != ''
    ) AS Name,
    min(otel_traces.Timestamp) AS Start,
    max(addNanoseconds(Timestamp, Duration)) AS End,
    uniqState(SpanId) AS Spans,
    groupUniqArray(toString(ServiceName)) AS Services,
    groupUniqArrayIf(SpanAttributes['{CX_CHANNEL}'], SpanAttributes['{CX_CHANNEL}'] != '')
        AS Channels,
    max(toUInt8(
        SpanAttributes['{CX_HANDOFF_KIND}'] = 'bot_to_human'
        OR arrayExists(told -> told['{CX_HANDOFF_KIND}'] = 'bot_to_human', Events.Attributes)
    )) AS Escalated,
    max(toUInt8(
        NOT isValidJSON(SpanAttributes['{CX_EXPERIENCE_LEDGER}'])
        AND SpanAttributes['{CX_EXPERIENCE_SUPERSEDED}'] != 'true'
        AND (SpanAttributes['{CX_EXPERIENCE_CLASS}'] != '' OR SpanAttributes['{CX_SEGMENT_ID}'] != '')
    )) AS Unstated,
    groupUniqArrayArray(ids) AS Told,
    max(now()) AS Arrived
FROM otel_traces
WHERE SpanAttributes['{CX_JOURNEY_ID}'] != ''
GROUP BY JourneyId
