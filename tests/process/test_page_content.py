"""What steps have made and told, over the page's API and the command line: files as they are, results, planned times with their runs."""

import hashlib
import http.client
import json
import os
import socket
import unittest

from cluster import wait_for
from page_api import ApiBase

MAKES = """
pipeline: makes
steps:
  one:
    shell: 'printf "<!doctype html><script>1</script>" > $ARTEL_ARTIFACTS/page; mkdir -p $ARTEL_ARTIFACTS/all/deep; echo deep > $ARTEL_ARTIFACTS/all/deep/file.txt; printf "#!/bin/sh\\necho runs\\n" > $ARTEL_ARTIFACTS/all/run.sh; chmod +x $ARTEL_ARTIFACTS/all/run.sh; head -c 3000000 /dev/urandom > $ARTEL_ARTIFACTS/big; echo "@artel result {\\"report\\": \\"page\\", \\"model\\": \\"m\\", \\"score\\": \\"auc\\", \\"test\\": 0.5}"'
    artifacts: [page, all, big]
  many:
    shell: 'echo $ARTEL_INSTANCE > $ARTEL_ARTIFACTS/n'
    instances: 2
    artifacts: [n]
"""


class ContentTest(ApiBase):
    def setUp(self):
        super().setUp()
        self.serve()
        self.start_worker("one", "--output-max", "64MB")
        self.log_in()
        self.run_id = self.submit_text(MAKES)
        wait_for("it has ended", lambda: self.state(self.run_id) == "succeeded")

    def place(self, name, *path, show=False):
        return f"/api/v1/runs/{self.run_id}/artifacts/one/{name}/content" + "".join("/" + part for part in path) + ("?show=true" if show else "")

    def test_a_file_is_served_as_it_is_and_shown_without_an_origin(self):
        status, text = self.ask(self.place("page", show=True))
        self.assertEqual((status, text), (200, "<!doctype html><script>1</script>"))
        self.assertEqual(self.headers["Content-Type"], "text/html; charset=utf-8")
        policy = self.headers["Content-Security-Policy"]
        self.assertIn("sandbox allow-scripts;", policy)
        self.assertNotIn("allow-same-origin", policy)
        self.assertIn("default-src 'none'", policy)
        self.assertTrue(self.headers["Content-Disposition"].startswith("inline"))
        self.ask(self.place("page"))
        self.assertEqual(self.headers["Content-Disposition"], "attachment; filename*=UTF-8''page.html")
        self.assertEqual(self.ask(self.place("all", "deep", "file.txt"))[1], "deep\n")
        self.assertEqual(self.headers["Content-Type"], "text/plain; charset=utf-8")

    def test_a_long_file_comes_whole_and_what_is_not_there_is_said(self):
        status, data = self.raw(self.place("big"))
        self.assertEqual((status, len(data)), (200, 3_000_000))
        made = {one["what"]["name"]: one["what"] for one in self.good(f"/api/v1/runs/{self.run_id}/artifacts?step=one")["artifacts"]}
        self.assertEqual(hashlib.sha256(data).hexdigest(), made["big"]["hash"])
        self.assertEqual(self.ask(self.place("none"))[0], 404)
        self.assertEqual(self.ask(self.place("all", "none"))[0], 404)
        self.assertEqual(self.ask(self.place("all", "..", "page"))[0], 404)
        status, why = self.ask(self.place("all"))
        self.assertEqual(status, 400)
        self.assertIn("is a folder", why["error"])
        self.cookie = None
        self.assertEqual(self.ask(self.place("page"))[0], 401)

    def test_a_refused_request_has_no_part_in_what_follows_on_its_connection(self):
        os.mkfifo(self.path("go"))
        late = self.submit_text(f"pipeline: late\nsteps: {{s: {{shell: 'read word < {self.path('go')}; echo SECRET > $ARTEL_ARTIFACTS/a', artifacts: [a]}}}}\n")
        connection = http.client.HTTPConnection(self.address, timeout=30)
        self.addCleanup(connection.close)
        for _ in range(130):  # more than there may be streams of one user
            connection.request("GET", f"/api/v1/runs/{late}/artifacts/s/a/content", headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            self.assertEqual((answer.status, "has made no artifact" in answer.read().decode()), (404, True))
        connection.request("GET", "/api/v1/streams/events?after=0", headers={"Cookie": self.cookie, "Accept": "text/event-stream"})
        stream = connection.getresponse()
        self.assertEqual(stream.status, 200)
        self.write("go", "go\n")
        for line in stream:
            self.assertNotIn(b"SECRET", line)
            if line.startswith(b"data: ") and json.loads(line[6:])["kind"] == "run_ended" and json.loads(line[6:])["run"] == late:
                break
        else:
            self.fail("the stream was cut")

    def test_what_is_shown_is_shown_in_the_pages_frame_only(self):
        connection = http.client.HTTPConnection(self.address, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", self.place("page", show=True), headers={"Cookie": self.cookie, "Sec-Fetch-Dest": "document"})
        answer = connection.getresponse()
        self.assertEqual(answer.headers["Content-Disposition"], "attachment; filename*=UTF-8''page.html")

    def test_a_folder_is_a_list_of_files(self):
        got = self.good(f"/api/v1/runs/{self.run_id}/artifacts/one/all")
        self.assertTrue(got["folder"])
        self.assertEqual([(one["path"], one["size"], one["executable"]) for one in got["files"]], [("deep/file.txt", 5, False), ("run.sh", 20, True)])
        self.assertEqual(self.good(f"/api/v1/runs/{self.run_id}/artifacts/one/all?path=deep/file.txt")["data"], "deep\n")

    def test_a_node_that_is_gone_or_has_lost_it_is_said_and_spoilt_bytes_are_not_given(self):
        store = os.path.join(self.folder, "store")
        blob = next(os.path.join(at, name) for at, _, names in os.walk(os.path.join(store, "blobs")) for name in names
                    if os.path.getsize(os.path.join(at, name)) == 3_000_000)
        os.chmod(blob, 0o644)
        with open(blob, "r+b") as file:
            file.seek(2_900_000)
            byte = file.read(1)[0]
            file.seek(2_900_000)
            file.write(bytes([byte ^ 1]))
        status, data = self.raw(self.place("big"))
        self.assertEqual(status, 200)
        self.assertLess(len(data), 3_000_000)  # Content-Length told more: who saves it knows that it failed
        self.assertIn("artifact_spoilt", self.log_of("supervisor"))
        got = self.artel("artifacts", self.run_id, "one", "--get", "big", "--to", self.path("big"), check=False)
        self.assertNotEqual(got.returncode, 0)
        self.assertFalse(os.path.exists(self.path("big")))
        os.remove(blob)
        self.assertEqual(self.ask(self.place("big"))[0], 404)
        self.kill("one")
        wait_for("it is lost", lambda: self.artel("nodes", "--all").stdout.count("lost"))
        status, why = self.ask(self.place("page"))
        self.assertEqual(status, 503)
        self.assertIn("no node that is there has", why["error"])

    def test_a_list_that_one_node_has_spoilt_comes_from_another(self):
        self.start_worker("two", "--label", "b", store="store2")
        run = self.submit_text("pipeline: two\nsteps:\n  make: {shell: 'mkdir $ARTEL_ARTIFACTS/all; echo x > $ARTEL_ARTIFACTS/all/file', artifacts: [all]}\n"
                               "  take: {shell: 'cat $ARTEL_INPUTS/all/file', needs: [make], inputs: [make/all], labels: [b]}\n")
        wait_for("it has ended", lambda: self.state(run) == "succeeded")
        made = self.good(f"/api/v1/runs/{run}/artifacts")["artifacts"][0]
        spoilt = 0
        for store in ("store", "store2"):
            for at, _, names in os.walk(self.path(store, "blobs")):
                for name in names:
                    if (at + name).replace("/", "").endswith(made["what"]["hash"]) and spoilt == 0 and len(made["nodes"]) == 2:
                        os.chmod(os.path.join(at, name), 0o644)
                        with open(os.path.join(at, name), "r+b") as file:
                            file.write(b"d")
                        spoilt += 1
        self.assertEqual(spoilt, 1)
        self.assertEqual([one["path"] for one in self.good(f"/api/v1/runs/{run}/artifacts/make/all")["files"]], ["file"])

    def test_the_command_line_saves_files_and_folders_and_overwrites_nothing(self):
        self.artel("artifacts", self.run_id, "one", "--get", "page", "--to", self.path("page.html"))
        with open(self.path("page.html"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "<!doctype html><script>1</script>")
        self.artel("artifacts", self.run_id, "one", "--get", "all", "--to", self.path("all"))
        self.assertTrue(os.access(self.path("all", "run.sh"), os.X_OK))
        with open(self.path("all", "deep", "file.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "deep\n")
        self.artel("artifacts", self.run_id, "many[1]", "--get", "n", "--to", self.path("n"))
        with open(self.path("n"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "1\n")
        again = self.artel("artifacts", self.run_id, "one", "--get", "page", "--to", self.path("page.html"), check=False)
        self.assertEqual(again.returncode, 2)
        self.assertIn("is there already", again.stderr)
        wrong = self.artel("artifacts", self.run_id, "one", "--get", "nothing", check=False)
        self.assertEqual(wrong.returncode, 4)
        self.assertIn("one/page", wrong.stderr)

    def test_who_reads_slowly_holds_up_nobody_and_gets_all(self):
        run = self.submit_text("pipeline: long\nsteps: {s: {shell: 'seq 1200000'}}\n")
        wait_for("it has ended", lambda: self.state(run) == "succeeded")
        slow = socket.create_connection(self.address.split(":"))
        self.addCleanup(slow.close)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        slow.sendall(f"GET /api/v1/runs/{run}/steps/s/log/stream HTTP/1.1\r\nHost: x\r\nCookie: {self.cookie}\r\nAccept: text/event-stream\r\n\r\n".encode())
        for _ in range(50):  # nobody reads, and everybody else is answered
            self.good("/api/v1/runs")
        with slow.makefile("rb") as stream:
            text = "".join(json.loads(line[6:])["data"] for line in stream if line.startswith(b"data: ") and b'"data"' in line)
        self.assertEqual(text, "".join(f"{i}\n" for i in range(1, 1_200_001)))

    def test_results_are_found_by_what_is_in_them_and_by_pipeline(self):
        self.submit_text("pipeline: plain\nsteps: {s: {use: core.noop}}\n")
        other = self.submit_text("pipeline: other\nsteps:\n  s: {shell: 'echo \"@artel result {\\\"psi_max\\\": 0.1, \\\"model\\\": \\\"m\\\"}\"'}\n")
        wait_for("it has ended", lambda: self.state(other) == "succeeded")
        got = self.good("/api/v1/results")["results"]
        self.assertEqual([(one["run"], one["pipeline"]) for one in got], [(other, "other"), (self.run_id, "makes")])  # newest first, without those of nothing
        self.assertEqual(json.loads(got[1]["result"])["test"], 0.5)
        self.assertEqual([one["run"] for one in self.good("/api/v1/results?text=%22psi_max%22")["results"]], [other])
        self.assertEqual([one["run"] for one in self.good("/api/v1/results?pipeline=makes")["results"]], [self.run_id])
        self.assertEqual(self.good("/api/v1/results?pipeline=none")["results"], [])
        self.assertEqual(len(self.good("/api/v1/results?limit=1")["results"]), 1)
        ids = f"{other},{self.run_id},01ARZ3NDEKTSV4RRFFQ69G5FAV"
        self.assertEqual([one["run"] for one in self.good(f"/api/v1/runs?ids={ids}")["runs"]], [other, self.run_id])


if __name__ == "__main__":
    unittest.main()
