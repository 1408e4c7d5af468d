"""Media quality: the E-model, the codec tables and the readers."""
