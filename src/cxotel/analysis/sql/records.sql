-- What every segment of a journey last stated, as one document for `cx_journey_score`.
CREATE VIEW IF NOT EXISTS cx_records AS
SELECT
    JourneyId,
    toJSONString(groupArray(
        (SegmentId, Stated.Revision, Stated.Contacts, Stated.Start, Stated.Ledger)
    )) AS Record
FROM (
    SELECT JourneyId, SegmentId, maxMerge(Latest) AS Stated
    FROM cx_segments
    GROUP BY JourneyId, SegmentId
)
GROUP BY JourneyId;

-- Journeys of which segments do not say all by themselves: a web framework's span is the carrier,
-- a backend has cut a ledger short, or only a vendor's span knows another id of the contact.
CREATE VIEW IF NOT EXISTS cx_incomplete AS
SELECT JourneyId, Spans
FROM (
    SELECT
        JourneyId, uniqMerge(Spans) AS Spans, max(cx_journeys.Unstated) AS Unstated,
        groupUniqArrayArray(cx_journeys.Told) AS Told
    FROM cx_journeys
    GROUP BY JourneyId
) AS Journeys
LEFT JOIN (
    SELECT JourneyId, groupUniqArrayArray(JSONExtract(Stated.Contacts, 'Array(String)')) AS Named
    FROM (
        SELECT JourneyId, maxMerge(Latest) AS Stated
        FROM cx_segments
        GROUP BY JourneyId, SegmentId
    )
    GROUP BY JourneyId
) AS Segments USING (JourneyId)
WHERE Unstated OR NOT hasAll(Named, Told)
