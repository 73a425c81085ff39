"""A supervisor node with its page, and somebody who is logged in to it."""

import http.client
import json
import os
import re

from cluster import ClusterCase


class ApiBase(ClusterCase):
    def serve(self, *arguments):
        before = len(self.log_of("supervisor"))
        self.start_supervisor("--http", getattr(self, "address", "127.0.0.1:0"), *arguments)
        self.address = re.findall(r"http_listens address=(\S+)", self.log_of("supervisor")[before and -3000:])[-1]

    def ask(self, path, body=None, method=None, headers=None, cookie=True):
        connection = http.client.HTTPConnection(self.address, timeout=30)
        self.addCleanup(connection.close)
        all_headers = dict(headers or {})
        if cookie and getattr(self, "cookie", None):
            all_headers["Cookie"] = self.cookie
        if body is not None:
            all_headers.setdefault("Content-Type", "application/json")
            all_headers.setdefault("X-CSRF-Token", getattr(self, "csrf", ""))
        connection.request(method or ("GET" if body is None else "POST"), path, None if body is None else json.dumps(body), all_headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        self.headers = answer.headers
        return answer.status, json.loads(text) if "json" in answer.headers["Content-Type"] else text

    def log_in(self):
        with open(os.path.join(self.data, "page.token"), encoding="utf-8") as file:
            status, got = self.ask("/api/v1/session", {"token": file.read().strip()}, cookie=False)
        self.assertEqual(status, 200, got)
        self.cookie, self.csrf = self.headers["Set-Cookie"].split(";")[0], got["csrf"]
        return got

    def good(self, path, body=None):
        status, got = self.ask(path, body)
        self.assertEqual(status, 200, got)
        return got

    def raw(self, path):
        """Status and bytes, also when fewer come than were told."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        try:
            return answer.status, answer.read()
        except http.client.IncompleteRead as cut:
            return answer.status, cut.partial

    def submit_text(self, text):
        return self.good("/api/v1/runs", {"pipeline": text, "file": "p.yaml"})["run"]

    def state(self, run):
        return self.good(f"/api/v1/runs/{run}")["summary"]["state"]
