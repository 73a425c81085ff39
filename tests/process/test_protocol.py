"""A stranger's program, written from docs/PROTOCOL.md alone, speaks to the admin socket; garbage harms nobody."""

import os
import random
import struct
import unittest

import msgpack
import zmq

from cluster import ClusterCase, wait_for

PING, PONG, REFUSED, SUBMIT, ACCEPTED, SHOW, SHOWN = 0x50, 0x51, 0x03, 0x40, 0x41, 0x44, 0x45


class ProtocolTest(ClusterCase):
    def setUp(self):
        super().setUp()
        self.start_supervisor()
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, 0)
        self.socket = self.connect(f"ipc://{self.data}/admin.sock")
        self.sequence = 0

    def connect(self, endpoint, kind=zmq.DEALER, name=None):
        socket = self.context.socket(kind)
        socket.linger = 0
        socket.rcvtimeo = 10_000
        if name:
            socket.routing_id = name
        socket.connect(endpoint)
        return socket

    def ask(self, kind, body, version=2):
        self.sequence += 1
        self.socket.send(msgpack.packb([version, kind, "stranger", 77, self.sequence, 0, msgpack.packb(body)]))
        return self.answer()

    def answer(self):
        version, kind, _, _, sequence, _, body = msgpack.unpackb(self.socket.recv())
        self.assertEqual(version, 2)
        return kind, sequence, msgpack.unpackb(body)

    def test_a_stranger_can_ping_submit_and_watch_a_run(self):
        kind, sequence, body = self.ask(PING, ["hello"])
        self.assertEqual((kind, sequence, body[0]), (PONG, self.sequence, "hello"))
        run = os.urandom(16)
        kind, _, body = self.ask(SUBMIT, [run, "pipeline: p\nsteps:\n  s: {use: core.noop}\n", "mine.yaml", {}, "stranger", "", None, False])
        self.assertEqual((kind, body), (ACCEPTED, [run, False]))
        self.start_worker("one")
        wait_for("the run has succeeded", lambda: self.ask(SHOW, ["last"])[2][0][2] == 1)

    def test_a_stranger_reads_on_from_a_number_and_waits_for_what_comes(self):
        kind, _, (events, after) = self.ask(0x64, [0, True, 1, 0, "", ""])
        self.assertEqual((kind, events), (0x65, []))
        self.start_worker("one")
        run = os.urandom(16)
        self.ask(SUBMIT, [run, "pipeline: p\nsteps:\n  s: {use: core.noop}\n", "mine.yaml", {}, "stranger", "", None, False])
        seen = []
        while "run_ended" not in [event[2] for event in seen]:
            _, _, (events, after) = self.ask(0x64, [after, False, 1, 8000, "", ""])
            seen += events
        self.assertEqual([(event[2], event[4], event[5]) for event in seen], [("run_submitted", "p", ""), ("step_started", "p", "s"), ("step_finished", "p", "s"), ("run_ended", "p", "")])
        kind, _, (lines, _, _) = self.ask(0x62, [0, False, 1000, 8000, "", "", "", "run_ended", "", "", 0, 0])
        self.assertEqual((kind, lines[0][1][3], lines[0][1][5]["pipeline"]), (0x63, "run_ended", "p"))

    def test_a_refusal_carries_a_code_and_a_sentence(self):
        kind, _, body = self.ask(SHOW, ["ZZZZ"])
        self.assertEqual((kind, body[0]), (REFUSED, 2))
        self.assertIn("no run has an id", body[1])

    def test_another_protocol_version_is_told_both_versions(self):
        kind, _, body = self.ask(PING, ["x"], version=9)
        self.assertEqual(kind, REFUSED)
        self.assertIn("protocol version 9, this node speaks 2", body[1])

    def test_an_unknown_kind_a_body_of_the_wrong_shape_and_an_answer_as_request_are_refused_by_name(self):
        self.assertIn("kind 9999 is not in the catalog", self.ask(9999, [])[2][1])
        self.assertIn("text: expected text, found an unsigned number", self.ask(PING, [5])[2][1])
        self.assertIn("'pong' is not a request", self.ask(PONG, ["a", "b", 1, 2])[2][1])

    def test_garbage_on_both_sockets_is_refused_and_the_others_go_on(self):
        chance = random.Random(7)
        cluster = self.connect(self.cluster, name=b"garbage#5")
        valid = msgpack.packb([2, 1, "garbage", 5, 1, 0, b"\x90"])
        for i in range(300):
            junk = bytes(chance.randrange(256) for _ in range(chance.randrange(64)))
            if i % 3 == 0:
                place = chance.randrange(len(valid))
                junk = valid[:place] + bytes([chance.randrange(256)]) + valid[place + 1:]
            cluster.send(junk)
            self.socket.send(junk)
        cluster.send(struct.pack(">BI", 0xDD, 0xFFFFFFFF))
        self.socket = self.connect(f"ipc://{self.data}/admin.sock")
        self.assertEqual(self.ask(PING, ["still there?"])[2][0], "still there?")
        self.start_worker("one")
        self.assertIsNone(self.nodes["supervisor"].poll())

    def test_a_worker_of_another_version_is_refused_with_a_sentence(self):
        cluster = self.connect(self.cluster, name=b"old#5")
        cluster.send(msgpack.packb([1, 1, "old", 5, 1, 0, b"\x90"]))
        _, kind, _, _, _, _, body = msgpack.unpackb(cluster.recv())
        self.assertEqual(kind, REFUSED)
        self.assertIn("install the same release on both sides", msgpack.unpackb(body)[1])

    def test_a_sender_that_is_not_who_it_connected_as_is_not_heard(self):
        self.start_worker("one")
        impostor = self.connect(self.cluster, name=b"impostor#5")
        impostor.send(msgpack.packb([2, 7, "one", 5, 1, 0, msgpack.packb(["bye"])]))
        wait_for("it is refused", lambda: "the sender calls itself 'one'" in self.log_of("supervisor"))
        self.assertTrue(self.is_up("one"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
