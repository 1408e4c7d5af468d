"""The rules of the score, one module per dimension: curves for events, prices for ledgers."""
