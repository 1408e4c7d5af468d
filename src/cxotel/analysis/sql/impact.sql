-- Minutes that customers spent in segments that score below 60, by whom they are blamed on.
SELECT
    Stated.BlameLayer AS Layer, Stated.BlameSystem AS System,
    round(sum(Stated.Duration) / 6e10, 3) AS Minutes, count() AS Segments
FROM (SELECT maxMerge(Latest) AS Stated FROM cx_segments GROUP BY JourneyId, SegmentId)
WHERE Stated.Score != '' AND toUInt8OrZero(Stated.Score) < 60
GROUP BY Layer, System
ORDER BY Minutes DESC, Layer, System
LIMIT {top:UInt32}
