SELECT count() AS Journeys, sum(Spans) AS Spans FROM cx_incomplete
