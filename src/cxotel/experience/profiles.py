"""What people already know, exactly as published: Apdex, Teams call quality, Twilio tags, risk rules."""
