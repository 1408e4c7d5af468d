"""Media quality: could they hear each other?

`emodel` rates a connection as the ITU does, `codecs` knows what codecs cost.

Everything here but the recorder is plain arithmetic on bytes and numbers: nothing is imported
before it is used.
"""
