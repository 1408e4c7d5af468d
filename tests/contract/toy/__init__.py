"""A small client library, its far end, and its vendor: those of docs/writing-a-vendor.md."""
