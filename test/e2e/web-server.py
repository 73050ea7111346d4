"""A web server on 127.0.0.1:8099 of a lab's host, that answers what the tests ask."""
import base64
import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILE = b"content of a file\n" * 1000
LOG = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name.replace("_", "-"), one)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def say(self, value, status=200, **headers):
        self.answer(status, json.dumps(value).encode(), Content_Type="application/json; charset=utf-8", **headers)

    def handle_any(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        path = self.path.split("?")[0]
        if path == "/log":
            return self.say(LOG)
        LOG.append(f"{self.command} {self.path}")
        if path == "/echo":
            return self.say(
                {
                    "method": self.command,
                    "body": body.decode("latin1"),
                    "type": self.headers.get("Content-Type"),
                    "token": self.headers.get("X-Token"),
                    "agent": self.headers.get("User-Agent"),
                    "expect": self.headers.get("Expect"),
                }
            )
        if path == "/cookies":
            return self.say({}, Set_Cookie=["a=1; Path=/", "b=x=y; HttpOnly"])
        if path == "/login":
            wanted = "Basic " + base64.b64encode(b"ada:pass word").decode()
            if self.headers.get("Authorization") != wanted:
                return self.answer(401, b"no", WWW_Authenticate="Basic realm=x")
            return self.say({"user": "ada"})
        if path == "/moved":
            return self.answer(302, b"", Location="/echo")
        if path == "/created":
            return self.say({"id": 7}, 201)
        if path == "/broken":
            return self.answer(500, b"oh no", Content_Type="text/plain")
        if path == "/file":
            return self.answer(200, FILE)
        if path == "/attached":
            return self.answer(200, FILE, Content_Disposition='attachment; filename="../given.bin"')
        if path == "/SHA256SUMS":
            return self.answer(200, (hashlib.sha256(FILE).hexdigest() + "  ./file\n" + "0" * 64 + "  other\n").encode())
        return self.answer(404, b"nothing here")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any


ThreadingHTTPServer(("127.0.0.1", 8099), Handler).serve_forever()
