"""A server that alerts are told to."""

import http.server
import json
import threading


class Receiver:
    """A webhook that keeps what it is told; refuses the first `failures` posts, answers none while `hangs` is set."""

    def __init__(self, failures=0, address="127.0.0.1", port=0):
        self.told, self.failures, self.asked, self.hangs = [], failures, 0, threading.Event()
        self.closed, outer = False, self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked += 1
                if outer.hangs.is_set():
                    while outer.hangs.is_set() and not outer.closed:
                        threading.Event().wait(0.05)
                    return  # this one is never answered
                if outer.failures > 0:
                    outer.failures -= 1
                    self.send_response(500)
                else:
                    outer.told.append((dict(self.headers), json.loads(body)))
                    self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, port), Handler)
        self.url = f"http://{address}:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.closed = True
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":  # on a host of its own: ADDRESS FILE; says its address, keeps what it is told as lines of FILE
    import sys
    import time

    receiver = Receiver(address=sys.argv[1])
    print(receiver.url, flush=True)
    with open(sys.argv[2], "w", encoding="utf-8") as kept:
        while True:
            while receiver.told:
                kept.write(json.dumps(receiver.told.pop(0)[1]) + "\n")
                kept.flush()
            time.sleep(0.05)
