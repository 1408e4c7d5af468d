"""Send telemetry to where it is configured to go, and say plainly when it does not arrive."""
