-- Key figures of each kind of journey, and of all together (an empty name in the last row).
SELECT
    Name,
    count() AS Journeys,
    countIf(Score IS NOT NULL) AS Scored,
    countIf(Outcome != '') AS Ended,
    countIf(Outcome IN ('resolved', 'contained')) / nullIf(Ended, 0) AS Success,
    countIf(Outcome = 'abandoned') / nullIf(Ended, 0) AS Abandonment,
    countIf(Escalated OR Outcome = 'escalated') / Journeys AS Escalation,
    countIf(Outcome = 'contained') / nullIf(Ended, 0) AS Containment,
    quantilesTDigestIf(0.5, 0.95)(
        greatest(0, dateDiff('millisecond', Start, OutcomeAt)),
        Outcome IN ('resolved', 'contained')
    ) AS ToResolution,
    avg(Score) AS MeanScore,
    quantilesTDigestIf(0.1, 0.5)(assumeNotNull(Score), Score IS NOT NULL) AS LowScores,
    sumMapIf(map(toString(Class), 1), Class != '') AS Classes,
    sumMapIf(map(toString(10 * intDiv(least(assumeNotNull(Score), 99), 10)), 1), Score IS NOT NULL)
        AS Distribution,
    countIf(OtherRules) AS OtherRules,
    sum(cx_scores.Unread) AS Unread,
    grouping(Name) AS Whole
FROM cx_scores FINAL
GROUP BY GROUPING SETS ((Name), ())
ORDER BY Whole, Journeys DESC, Name
