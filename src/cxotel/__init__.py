"""OpenTelemetry for customer experience: journeys, vendor calls, media quality, and a score."""
