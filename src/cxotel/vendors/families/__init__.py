"""What client libraries of one make share: generators, and paths that name their calls."""
