"""The application's server: pages out of the database, a health check, the
gauges of the session files. Logs one JSON object a line."""
import json
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

from skriptoteket import store


def log(event, **more):
    print(json.dumps({"timestamp": time.time(), "event": event, **more}), flush=True)


def query(statement):
    db = store.connect()
    try:
        with db.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        db.close()


def page():
    rows = query("SELECT title FROM tools WHERE is_published ORDER BY title")
    return "".join(f"<li>{title}</li>\n" for (title,) in rows)


def metrics():
    files, size = store.measure(store.SESSIONS)
    return (
        f"skriptoteket_session_files_bytes_total {size:.1f}\n"
        f"skriptoteket_session_files_count {files:.1f}\n"
    )


def healthz():
    query("SELECT 1")
    return '{"status": "ok"}\n'


PAGES = {"/": page, "/metrics": metrics, "/healthz": healthz}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, body = 200, PAGES[self.path]()
        except KeyError:
            status, body = 404, "not found\n"
        except psycopg2.Error as error:
            status, body = 500, "internal server error\n"
            log("error", path=self.path, message=str(error).strip())
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        log("request", method=self.command, path=self.path)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = ThreadingHTTPServer(("", 8000), Handler)
    log("started", port=8000)
    server.serve_forever()


if __name__ == "__main__":
    main()
