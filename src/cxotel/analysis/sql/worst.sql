-- The journeys that went worst, the longer of two first.
SELECT
    JourneyId, Name, Score, toString(Class) AS Class, Outcome, BlameLayer, BlameSystem, BlameStep,
    BlameShare, toUnixTimestamp64Milli(Start) AS Started,
    dateDiff('millisecond', Start, End) AS Duration, Spans, Segments, Contacts, Services, Channels
FROM cx_scores FINAL
WHERE Score IS NOT NULL
ORDER BY Score, Duration DESC, JourneyId
LIMIT {top:UInt32}
