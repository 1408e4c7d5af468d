-- Score every journey of which a span came since a moment. Run it every minute with the time of
-- the run before, less the time that a batch may take to arrive.
INSERT INTO cx_scores
SELECT
    Told.JourneyId, Told.Name, Told.Start, Told.End, Told.Spans, Told.Services, Told.Channels,
    Told.Escalated,
    Of.Score, Of.Class, Of.Mean, Of.Worst, Of.Last, Of.Segments, Of.Contacts, Of.Outcome,
    fromUnixTimestamp64Milli(Of.OutcomeAt), Of.BlameLayer, Of.BlameSystem, Of.BlameStep,
    Of.BlameShare, Of.Charges, Of.OtherRules, Of.Unread, now64(3)
FROM (
    SELECT
        JourneyId, argMinIfMerge(Name) AS Name, min(cx_journeys.Start) AS Start,
        max(cx_journeys.End) AS End, uniqMerge(Spans) AS Spans,
        arraySort(groupUniqArrayArray(cx_journeys.Services)) AS Services,
        arraySort(groupUniqArrayArray(cx_journeys.Channels)) AS Channels,
        max(cx_journeys.Escalated) AS Escalated
    FROM cx_journeys
    GROUP BY JourneyId
    HAVING max(Arrived) >= {since:DateTime}
) AS Told
LEFT JOIN (
    SELECT JourneyId, JSONExtract(
        cx_journey_score(Record),
        'Tuple(Score Nullable(UInt8), Class String, Mean Nullable(Float64), Worst Nullable(UInt8),
        Last Nullable(UInt8), Segments UInt16, Contacts UInt16, Outcome String, OutcomeAt Int64,
        BlameLayer String, BlameSystem String, BlameStep String, BlameShare Float64,
        Charges Array(Tuple(String, String, String, UInt32)), OtherRules UInt8, Unread UInt16)'
    ) AS Of
    FROM cx_records
    WHERE JourneyId IN (
        SELECT JourneyId FROM cx_journeys
        GROUP BY JourneyId HAVING max(Arrived) >= {since:DateTime}
    )
) AS Scored USING (JourneyId)
SETTINGS join_algorithm = 'grace_hash,hash'
