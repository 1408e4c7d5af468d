"""Services to run and to read: each starts by one command, without accounts or a network."""
