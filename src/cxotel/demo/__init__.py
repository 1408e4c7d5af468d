"""A small contact center on loopback: real client libraries, simulated vendors, injected faults."""
