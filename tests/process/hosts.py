"""Several hosts, as network namespaces; needs root, elsewhere its tests are skipped."""

import os
import subprocess

from cluster import ClusterCase


def may(*command):
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0


class HostsCase(ClusterCase):
    """HOSTS are letters; host a has the bridge that joins them, and 10.77.0.1, the next one 10.77.0.2, and so on."""

    HOSTS = "abc"

    def setUp(self):
        super().setUp()
        self.tag = str(os.getpid())
        name = "artel-a" + self.tag
        if not (may("ip", "netns", "add", name) and may("ip", "netns", "exec", name, "true")):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
            self.skipTest("may not make network namespaces here")
        self.addCleanup(lambda: [subprocess.run(["ip", "netns", "del", f"artel-{h}{self.tag}"], capture_output=True, check=False) for h in self.HOSTS])
        for host in self.HOSTS[1:]:
            self.ip("netns", "add", f"artel-{host}{self.tag}")
        self.in_host("a", "ip", "link", "add", "br0", "type", "bridge")
        self.in_host("a", "ip", "addr", "add", "10.77.0.1/24", "dev", "br0")
        self.in_host("a", "ip", "link", "set", "br0", "up")
        for number, host in enumerate(self.HOSTS[1:], 2):
            self.ip("-n", f"artel-a{self.tag}", "link", "add", f"to-{host}", "type", "veth", "peer", "name", "eth0", "netns", f"artel-{host}{self.tag}")
            self.in_host("a", "ip", "link", "set", f"to-{host}", "master", "br0", "up")
            self.in_host(host, "ip", "addr", "add", f"10.77.0.{number}/24", "dev", "eth0")
            self.in_host(host, "ip", "link", "set", "eth0", "up")
        for host in self.HOSTS:
            self.in_host(host, "ip", "link", "set", "lo", "up")

    def ip(self, *arguments):
        subprocess.run(["ip", *arguments], check=True, capture_output=True)

    def prefix(self, host):
        return ("ip", "netns", "exec", f"artel-{host}{self.tag}")

    def in_host(self, host, *command):
        subprocess.run([*self.prefix(host), *command], check=True, capture_output=True)
