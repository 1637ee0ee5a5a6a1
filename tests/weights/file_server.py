"""A server of files on this machine: parts of them, hashes in headers, broken connections."""

import contextlib
import http.server
import re
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_HEAD(self):
        self._answer(with_body=False)

    def do_GET(self):
        self._answer(with_body=True)

    def _answer(self, *, with_body):
        server = self.server
        server.asked.append((self.command, self.path, self.headers.get("Range")))
        body = server.files.get(self.path)
        if body is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        begin = int(match[1]) if match else 0
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(body) - begin))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        for name, value in server.headers.get(self.path, ()):
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            stop = server.stops.pop(self.path, None)
            self.wfile.write(body[begin:stop])
            self.close_connection = stop is not None


@contextlib.contextmanager
def serving(files):
    """A server of path -> bytes; .headers: path -> pairs, .stops: path -> where it breaks once."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.files, server.headers, server.stops, server.asked = dict(files), {}, {}, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
