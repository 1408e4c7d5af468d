-- OTLP JSON lines into the table, as the Collector's exporter would have written them: attributes
-- become text, kinds and states their names. Lines that are no JSON, such as one that somebody is
-- just writing, are passed over.
INSERT INTO otel_traces
WITH
    (value) -> multiIf(
        value.stringValue IS NOT NULL, assumeNotNull(value.stringValue),
        value.intValue IS NOT NULL, toString(assumeNotNull(value.intValue)),
        value.boolValue IS NOT NULL, toString(assumeNotNull(value.boolValue)),
        value.doubleValue IS NOT NULL, toString(assumeNotNull(value.doubleValue)),
        ifNull(value.bytesValue, '')
    ) AS single,
    (value) -> if(
        value.stringValue IS NULL,
        single(value),
        replaceAll(toJSONString(assumeNotNull(value.stringValue)), '\\/', '/')
    ) AS quoted,
    (value) -> if(
        empty(value.arrayValue.values),
        single(value),
        concat('[', arrayStringConcat(arrayMap(item -> quoted(item), value.arrayValue.values), ','), ']')
    ) AS text,
    (pairs) -> mapFromArrays(
        CAST(pairs.key, 'Array(LowCardinality(String))'), arrayMap(pair -> text(pair), pairs.value)
    ) AS flat
SELECT
    fromUnixTimestamp64Nano(span.startTimeUnixNano),
    span.traceId,
    span.spanId,
    span.parentSpanId,
    span.traceState,
    span.name,
    if(
        match(span.kind, '^[0-5]$'),
        ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'][
            toUInt8OrZero(span.kind) + 1],
        initcap(replaceOne(span.kind, 'SPAN_KIND_', ''))
    ),
    Resource['service.name'],
    Resource,
    ScopeName,
    ScopeVersion,
    flat(span.attributes),
    toUInt64(greatest(0, span.endTimeUnixNano - span.startTimeUnixNano)),
    multiIf(
        span.status.code IN ('2', 'STATUS_CODE_ERROR'), 'Error',
        span.status.code IN ('1', 'STATUS_CODE_OK'), 'Ok', 'Unset'
    ),
    span.status.message,
    arrayMap(time -> fromUnixTimestamp64Nano(time), span.events.timeUnixNano),
    span.events.name,
    arrayMap(pairs -> flat(pairs), span.events.attributes),
    span.links.traceId,
    span.links.spanId,
    span.links.traceState,
    arrayMap(pairs -> flat(pairs), span.links.attributes)
FROM (
    SELECT Resource, scope.scope.name AS ScopeName, scope.scope.version AS ScopeVersion,
        arrayJoin(scope.spans) AS span
    FROM (
        SELECT flat(part.resource.attributes) AS Resource, arrayJoin(part.scopeSpans) AS scope
        FROM (
            SELECT arrayJoin(resourceSpans) AS part
            FROM file({path:String}, 'JSONEachRow', {schema:String})
        )
    )
)
SETTINGS
    input_format_skip_unknown_fields = 1,
    input_format_json_ignore_unknown_keys_in_named_tuple = 1,
    input_format_json_defaults_for_missing_elements_in_named_tuple = 1,
    input_format_allow_errors_num = 4000000000,
    input_format_allow_errors_ratio = 1,
    -- A line holds a batch of spans: blocks are bounded by bytes, since so many lines would be too
    -- much.
    input_format_parallel_parsing = 0,
    input_format_max_block_size_bytes = 8388608,
    min_insert_block_size_bytes = 33554432,
    -- Aggregate states are held outside of blocks, whose bytes do not tell of them.
    min_insert_block_size_rows_for_materialized_views = 8192
