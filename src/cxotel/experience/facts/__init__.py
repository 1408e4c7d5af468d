"""What an open segment remembers of each kind of evidence, and the ledger rows that follow from it.

Rows are a function of the set of facts, never of the order in which they arrived.
"""
