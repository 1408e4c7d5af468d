"""What people already know, exactly as published: Apdex, Teams CQD, Twilio tags, risk rules."""
