-- Who took how many points of how many journeys, and who is blamed for how many.
SELECT
    Layer, System, sum(Thousandths) / 1000 AS Lost, uniqExact(JourneyId) AS Journeys,
    sumMap(map(toString(Dimension), Thousandths)) AS Dimensions,
    uniqExactIf(JourneyId, Layer = BlameLayer AND System = BlameSystem) AS Blamed
FROM (
    SELECT
        JourneyId, BlameLayer, BlameSystem, arrayJoin(Charges) AS Charge, Charge.1 AS Dimension,
        Charge.2 AS Layer, Charge.3 AS System, Charge.4 AS Thousandths
    FROM cx_scores FINAL
)
GROUP BY Layer, System
ORDER BY Lost DESC, Layer, System
LIMIT {top:UInt32}
