"""Secrets reach the command that asks for them and nobody else: everything that is written down or told is searched for them."""

import os
import signal
import unittest

from cluster import ClusterCase, wait_for

VALUE = "correct-horse-battery"
PIPELINE = """
pipeline: p
steps:
  a:
    shell: |
      test "$PASSWORD" = VALUE || exit 9
      echo "the password is $PASSWORD"; printf 'in pieces corr'; while [ ! -e HALF ]; do sleep 0.05; done; echo 'ect-horse-battery'
      echo "@artel progress 1 2 with $PASSWORD"
      echo "@artel result {\\"p\\": \\"$PASSWORD\\"}"
      while [ ! -e GATE ]; do sleep 0.05; done
    secrets: {PASSWORD: db_password}
  b: {shell: "echo \\"${steps.a.result.p}\\"; echo \\"oops $TOKEN\\" >&2; exit 3", needs: [a], secrets: [TOKEN]}
""".replace("VALUE", "$(cat SECRETS/db_password)")


class SecretsTest(ClusterCase):
    def test_a_secret_is_found_nowhere_but_in_its_command_also_when_the_supervisor_is_killed_in_its_middle(self):
        secrets = self.path("secrets")
        os.mkdir(secrets, 0o700)
        for name, value in (("db_password", VALUE + "\n"), ("TOKEN", VALUE[::-1])):
            with open(os.path.join(secrets, name), "w", encoding="utf-8") as file:
                file.write(value)
            os.chmod(os.path.join(secrets, name), 0o600)
        self.start_supervisor("--log-level", "debug")
        self.start_worker("one", "--secrets", secrets, "--log-level", "debug")
        run = self.submit(self.write("p.yaml", PIPELINE.replace("GATE", self.path("gate")).replace("HALF", self.path("half")).replace("SECRETS", secrets)))
        wait_for("it has said half of it", lambda: "in pieces" in self.artel("logs", run, "a").stdout)
        self.write("half", "")
        wait_for("it has said the rest", lambda: "in pieces ***" in self.artel("logs", run, "a").stdout)
        said = self.artel("--json", "show", run).stdout
        self.kill("supervisor")
        self.start_supervisor("--log-level", "debug")
        self.write("gate", "")
        shown = self.wait_until_ended(run)
        self.assertEqual([step["state"] for step in shown["steps"]], ["succeeded", "failed"])
        self.assertEqual(self.artel("logs", run, "b").stdout, "***\noops ***\n")
        said += self.artel("logs", run, "a").stdout + self.artel("--json", "show", run).stdout
        self.assertIn("the password is ***\nin pieces ***\n", said)
        self.assertEqual(shown["steps"][0]["result"], '{"p": "***"}')
        for name in ("one", "supervisor"):
            self.kill(name, signal.SIGTERM)
        told = [said.encode()]
        for folder, _, files in os.walk(self.folder):
            for file in files:
                if folder != secrets and os.path.isfile(os.path.join(folder, file)):
                    with open(os.path.join(folder, file), "rb") as opened:
                        told.append(opened.read())
        self.assertGreater(len(told), 5)
        for value in (VALUE, VALUE[::-1]):
            self.assertFalse(any(value.encode() in one for one in told))

    def test_a_secret_that_the_node_has_not_fails_the_step_and_says_what_to_do(self):
        self.start_supervisor()
        self.environment["ARTEL_SECRET_mail"] = "from the node"
        self.start_worker("one", "--pass-env", "ARTEL_*")
        pipeline = "pipeline: p\nsteps:\n  a: {shell: 'test \"$X\" = \"from the node\"', secrets: {X: mail}}\n  b: {shell: 'true', secrets: [none]}\n  c: {shell: 'env', needs: [a]}\n"
        shown = self.wait_until_ended(self.submit(self.write("p.yaml", pipeline)))
        self.assertEqual([step["state"] for step in shown["steps"]], ["succeeded", "failed", "succeeded"])
        self.assertIn("this node does not know the secret 'none': start it with --secrets FOLDER and put it into the file none", shown["steps"][1]["error"])
        self.assertNotIn("from the node", self.artel("logs", "last", "c").stdout)
        bad = self.write("bad.yaml", "pipeline: p\nsteps:\n  a: {use: core.noop, secrets: [x]}\n")
        self.assertIn("native steps get none", self.artel("validate", bad, check=False).stderr)


if __name__ == "__main__":
    unittest.main()
