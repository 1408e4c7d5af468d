"""The far ends, each proved with the real client library of its vendor."""
