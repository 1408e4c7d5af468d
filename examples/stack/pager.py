"""What stands for a pager in the stack: it prints what Alertmanager tells it."""  # noqa: INP001

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """Print each alert of a notice."""

    def do_POST(self) -> None:
        """Take a notice."""
        notice = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        for alert in notice["alerts"]:
            name, summary = alert["labels"]["alertname"], alert["annotations"].get("summary", "")
            print(self.path, alert["status"], name, summary, flush=True)  # noqa: T201 - its purpose
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing of requests."""


if __name__ == "__main__":
    ThreadingHTTPServer(("", 8080), Handler).serve_forever()
