-- A journey's score, as last worked out. A row replaces the journey's earlier one. Charges are
-- thousandths of a point of R: whole numbers, whose sums are the same in every order.
CREATE TABLE IF NOT EXISTS cx_scores (
    JourneyId String CODEC(ZSTD(1)),
    Name LowCardinality(String),
    Start DateTime64(3),
    End DateTime64(3),
    Spans UInt64,
    Services Array(LowCardinality(String)),
    Channels Array(LowCardinality(String)),
    Escalated UInt8,
    Score Nullable(UInt8),
    Class LowCardinality(String),
    Mean Nullable(Float64),
    Worst Nullable(UInt8),
    Last Nullable(UInt8),
    Segments UInt16,
    Contacts UInt16,
    Outcome LowCardinality(String),
    OutcomeAt DateTime64(3),
    BlameLayer LowCardinality(String),
    BlameSystem LowCardinality(String),
    BlameStep LowCardinality(String),
    BlameShare Float64,
    Charges Array(Tuple(
        Dimension LowCardinality(String),
        Layer LowCardinality(String),
        System LowCardinality(String),
        Thousandths UInt32
    )),
    OtherRules UInt8,
    Unread UInt16,
    Scored DateTime64(3)
) ENGINE = ReplacingMergeTree(Scored)
ORDER BY JourneyId
