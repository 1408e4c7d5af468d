-- What segments would have stated themselves, had their carriers been able to.
INSERT INTO cx_segments
SELECT JourneyId, SegmentId, maxState((
    Revision, Known, Contacts, Start, Ledger, Service, Duration, Score, BlameLayer, BlameSystem
))
FROM format(
    JSONEachRow,
    'JourneyId String, SegmentId String, Revision Int64, Known UInt32, Contacts String,
    Start String, Ledger String, Service String, Duration UInt64, Score String,
    BlameLayer String, BlameSystem String',
    {rows:String}
)
GROUP BY JourneyId, SegmentId
