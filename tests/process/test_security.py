"""Who may connect and ask: keys, roles, the audit log, and peers that mean harm."""

import json
import os
import random
import re
import socket
import stat
import struct
import subprocess
import unittest

from cluster import BIN, ClusterCase, wait_for


class SecurityTest(ClusterCase):
    PIPELINE = "pipeline: p\nsteps:\n  s: {use: core.noop}\n"

    def key(self, name):
        """Makes a key in the test's folder; gives its public part."""
        return json.loads(self.artel("--json", "keys", "new", name, "-o", self.folder).stdout)["public"]

    def allow(self, nodes=(), users=()):
        text = "nodes:\n" + "".join(f"  {n}: '{k}'\n" for n, k in nodes) + "users:\n" + "".join(f"  {n}: {{key: '{k}', role: {r}}}\n" for n, k, r in users)
        # Replaced in one rename, as an editor does.
        os.rename(self.write("access.new", text), self.path("access.yaml"))

    def start_secure(self, *more, nodes=("one",), users=()):
        """A supervisor node with keys on loopback tcp, and the keys of the named."""
        self.public = {name: self.key(name) for name in ["supervisor", *nodes, *(u for u, _ in users)]}
        self.allow([(n, self.public[n]) for n in nodes], [(u, self.public[u], r) for u, r in users])
        self.start("artel-supervisor", "supervisor", "--data", self.data, "--cluster", "tcp://127.0.0.1:*", "--admin", f"ipc://{self.data}/admin.sock", "--admin", "tcp://127.0.0.1:*",
                   "--heartbeat-ms", "100", "--lease-ms", "1000", "--key", self.path("supervisor.key"), "--access", self.path("access.yaml"), *more)
        at = lambda name: re.search(rf"socket_listens socket={name} endpoint=(tcp://\S+)", self.log_of("supervisor"))[1]
        self.cluster, self.remote = at("cluster"), at("admin")

    def start_node(self, name, key=None, server="supervisor"):
        return self.start("artel-trainer", name, "--cluster", self.cluster, "--key", self.path((key or name) + ".key"), "--server-key", self.path(server + ".pub"), "--store", self.path("store-" + name), wait=False)

    def as_user(self, name, *arguments, server="supervisor", check=False):
        return self.artel("--admin", self.remote, "--key", self.path(name + ".key"), "--server-key", self.path(server + ".pub"), *arguments, check=check)

    def alive(self):
        return {n["name"] for n in json.loads(self.artel("--json", "nodes").stdout)["nodes"] if n["state"] == "alive"}

    def test_a_cluster_with_keys_runs_steps_and_each_role_may_do_what_it_may(self):
        self.start_secure(users=(("viewer-1", "viewer"), ("op", "operator"), ("boss", "admin")))
        self.start_node("one")
        wait_for("the node is there", lambda: self.alive() == {"one"})
        pipeline = self.write("p.yaml", self.PIPELINE)
        self.assertEqual(self.as_user("op", "submit", pipeline).returncode, 0)
        self.assertEqual(self.wait_until_ended()["summary"]["state"], "succeeded")
        self.assertEqual(self.show()["by"], "op")
        for user, verb, code in (("viewer-1", ("runs",), 0), ("viewer-1", ("show", "last"), 0), ("viewer-1", ("submit", pipeline), 6), ("viewer-1", ("drain", "one"), 6),
                                 ("op", ("drain", "one"), 0), ("op", ("pool", "set", "db", "3"), 6), ("op", ("audit",), 6), ("boss", ("pool", "set", "db", "3"), 0)):
            ran = self.as_user(user, *verb)
            self.assertEqual(ran.returncode, code, (user, verb, ran.stderr))
            if code == 6:
                self.assertIn("may not", ran.stderr)
        told = json.loads(self.as_user("boss", "--json", "audit").stdout)
        self.assertEqual([(e["by"], e["what"].split()[0], e["code"]) for e in reversed(told)],
                         [("op", "submit_run", 0), ("viewer-1", "submit_run", 10), ("viewer-1", "drain_node", 10), ("op", "drain_node", 0), ("op", "set_pool", 10), ("boss", "set_pool", 0)])
        self.assertTrue(all(e["from"] == "127.0.0.1" for e in told), told)
        self.assertEqual(self.artel("journal", "check").returncode, 0)

    def test_who_has_no_key_or_a_wrong_one_is_told_so_and_not_served(self):
        self.start_secure(users=(("op", "operator"),))
        self.key("stranger")
        ran = self.as_user("stranger", "runs")
        self.assertEqual(ran.returncode, 6)
        self.assertIn("not in its access file", ran.stderr)
        # The key of a node is none of a user.
        self.assertEqual(self.as_user("one", "runs").returncode, 6)
        # Somebody else in the supervisor node's place is not believed.
        self.assertNotEqual(self.as_user("op", "--timeout", "1", "runs", server="stranger").returncode, 0)
        self.assertNotEqual(self.artel("--admin", self.remote, "--timeout", "1", "runs", check=False).returncode, 0)
        self.assertIn("both are needed", self.artel("--admin", self.remote, "--key", self.path("op.key"), "runs", check=False).stderr)
        self.start_node("one", key="stranger")
        wait_for("the node is told", lambda: "cluster_refuses_us" in self.log_of("one"))
        wait_for("the supervisor node says it", lambda: "peer_refused" in self.log_of("supervisor"))
        self.assertEqual(self.alive(), set())
        # It need not be started again when its key is allowed after all.
        stranger = self.artel("keys", "show", self.path("stranger.pub")).stdout.strip()
        self.allow([("one", stranger)], [("op", self.public["op"], "operator")])
        wait_for("the node is there", lambda: self.alive() == {"one"})

    def test_a_node_has_the_name_of_its_key(self):
        self.start_secure(nodes=("one", "two"))
        self.start_node("two")
        wait_for("two is there", lambda: self.alive() == {"two"})
        self.start_node("one", key="two")
        wait_for("it is noticed", lambda: "node_not_itself" in self.log_of("supervisor"))
        self.assertEqual(self.alive(), {"two"})

    def test_a_key_that_is_taken_out_of_the_access_file_counts_no_more_and_a_broken_file_changes_nothing(self):
        self.start_secure(nodes=("one", "two"), users=(("op", "operator"),))
        for name in ("one", "two"):
            self.start_node(name)
        wait_for("both are there", lambda: self.alive() == {"one", "two"})
        for broken in ("nodes: [", ""):
            told = self.log_of("supervisor").count("access_not_read")
            self.write("access.yaml", broken)
            wait_for("it is told", lambda told=told: self.log_of("supervisor").count("access_not_read") > told)
        self.assertEqual(self.as_user("op", "runs").returncode, 0)
        self.allow([("one", self.public["one"])], [("op", self.public["op"], "viewer")])
        wait_for("it is read", lambda: "access_read" in self.log_of("supervisor"))
        wait_for("two is lost", lambda: self.alive() == {"one"})
        self.assertEqual(self.as_user("op", "submit", self.write("p.yaml", self.PIPELINE)).returncode, 6)

    def test_nothing_listens_beyond_this_host_without_keys_and_the_socket_belongs_to_its_user(self):
        self.start_supervisor()
        self.start_worker("one")
        pids = [node.pid for node in self.nodes.values()]
        listening = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=True).stdout
        self.assertEqual([line for line in listening.splitlines() if any(f"pid={pid}," in line for pid in pids)], [])
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.data, "admin.sock")).st_mode), 0o600)
        for arguments, word in ((("--cluster", "tcp://0.0.0.0:0"), "without a key"), (("--admin", "tcp://127.0.0.1:7"), "needs keys"), (("--access", "x"), "without --key"),
                                (("--key", self.path("none.key"), "--access", "x"), "artel keys new")):
            ran = subprocess.run([os.path.join(BIN, "artel-supervisor"), "--data", self.path("other"), *arguments], capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual(ran.returncode, 2, ran.stderr)
            self.assertIn(word, ran.stderr)
        ran = subprocess.run([os.path.join(BIN, "artel-trainer"), "--cluster", "tcp://10.1.2.3:7400", "--store", self.path("s")], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((ran.returncode, "--server-key" in ran.stderr), (2, True))

    def test_a_key_is_never_replaced_and_one_that_others_may_read_is_refused(self):
        self.key("a")
        again = self.artel("keys", "new", "a", "-o", self.folder, check=False)
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("never replaced", again.stderr)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("a.key")).st_mode), 0o600)
        os.chmod(self.path("a.key"), 0o644)
        ran = self.artel("--key", self.path("a.key"), "--server-key", self.path("a.pub"), "runs", check=False)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("chmod 600", ran.stderr)

    def test_peers_that_mean_harm_cost_others_nothing(self):
        self.start_secure(users=(("op", "operator"), ("other", "operator")))
        self.start_node("one")
        wait_for("the node is there", lambda: self.alive() == {"one"})
        chance = random.Random(1)
        held = []
        greeting = b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f" + b"\x03\x01" + b"CURVE".ljust(20, b"\0") + b"\0" + b"\0" * 31
        for endpoint in (self.cluster, self.remote):
            host, port = endpoint[len("tcp://"):].split(":")
            for turn in range(60):
                one = socket.create_connection((host, int(port)))
                one.setblocking(False)
                # Garbage, a good greeting and garbage, frames that claim to be huge, the plain mechanism, silence.
                said = (chance.randbytes(300), greeting + chance.randbytes(500), greeting + b"\x06" + struct.pack(">Q", 1 << 60), greeting.replace(b"CURVE".ljust(20, b"\0"), b"NULL".ljust(20, b"\0")), b"")[turn % 5]
                try:
                    one.sendall(said)
                except OSError:
                    pass
                held.append(one)
        pipeline = self.write("p.yaml", self.PIPELINE)
        run = self.as_user("other", "submit", pipeline, check=True).stdout.split()[0]
        self.assertEqual(self.wait_until_ended(run)["summary"]["state"], "succeeded")
        for one in held:
            one.close()
        self.assertEqual(self.alive(), {"one"})

    def test_a_user_who_floods_is_refused_and_others_are_served(self):
        import msgpack
        import zmq
        self.start_secure(users=(("op", "operator"), ("other", "viewer")))
        with open(self.path("op.key"), encoding="ascii") as file:
            keys = dict(line.strip().split(" = ", 1) for line in file if " = " in line)
        context = zmq.Context()
        self.addCleanup(context.destroy, 0)
        flood = context.socket(zmq.DEALER)
        flood.curve_serverkey, flood.curve_publickey, flood.curve_secretkey = self.public["supervisor"].encode(), keys["public"].encode(), keys["secret"].encode()
        flood.rcvhwm = 1  # and reads nothing meanwhile
        flood.connect(self.remote)
        body = msgpack.packb(["x" * 1000])
        for number in range(1, 6000):
            flood.send(msgpack.packb([2, 0x50, "flood", 77, number, 0, body]))
        self.assertEqual(self.as_user("other", "runs").returncode, 0)
        flood.send(b"\xc1 no message at all")
        refusals = 0
        while flood.poll(5000):
            refusals += msgpack.unpackb(flood.recv())[1] == 0x03
            if refusals > 10:
                break
        self.assertGreater(refusals, 10)
        self.assertEqual(self.as_user("other", "runs").returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
