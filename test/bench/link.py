#!/usr/bin/env python3
"""A long link on one machine: two network namespaces, and between them every packet comes late.

    link.py NAME MILLISECONDS [CONGESTION-CONTROL]

makes the namespaces NAME-near (198.18.0.1) and NAME-far (198.18.0.2), prints "ready", and carries packets, each of
them MILLISECONDS later, until standard input ends; then both are removed. TCP handshakes, data connections and
acknowledgements pay like everything else, so that elapsed time divided by the round trip is a count. Without a
congestion control it is the machine's.

Linux with TUN devices, as root.
"""
import collections
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import time

# linux/if_tun.h: packets as they are, without Ethernet's header and without four bytes before each.
TUNSETIFF = 0x400454CA
PLAIN_PACKETS = 0x0001 | 0x1000
# TCP's packets are at most 1500 bytes long; the loopback's size would hide how many segments a file takes.
LARGEST_PACKET = 2048
# Longer than a window of 64 KiB segments, so that the device itself drops nothing.
QUEUED_PACKETS = 10_000


class End:
    """One end: a namespace, its device, and the packets that are on their way to it."""

    def __init__(self, namespace, device, address, congestion_control):
        self.namespace = namespace
        self.underway = collections.deque()
        run("ip", "netns", "add", namespace)
        self.tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.tun, TUNSETIFF, struct.pack("16sH", device.encode(), PLAIN_PACKETS))
        # Made here and moved there: the descriptor goes on working.
        run("ip", "link", "set", device, "netns", namespace)
        inside = ("ip", "-n", namespace)
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "address", "add", address, "dev", device)
        run(*inside, "link", "set", device, "up", "txqueuelen", str(QUEUED_PACKETS))
        # Linux joins small writes for as long as the device has not got rid of the packet before: how many replies
        # share a segment would depend on how soon this program gets the processor.
        set_tcp(namespace, "tcp_autocorking", "0")
        if congestion_control:
            set_tcp(namespace, "tcp_congestion_control", congestion_control)
            # Else Linux forgets after a short pause how far the window had grown; under BBR it does not.
            set_tcp(namespace, "tcp_slow_start_after_idle", "0")

    def deliver(self, now):
        while self.underway and self.underway[0][0] <= now:
            try:
                os.write(self.tun, self.underway.popleft()[1])
            except OSError:
                pass  # the namespace is going, or it has no use for the packet

    def take(self, arrival, other):
        """Everything that left here arrives there; a constant delay keeps the order."""
        try:
            while True:
                other.underway.append((arrival, os.read(self.tun, LARGEST_PACKET)))
        except OSError:
            pass  # nothing more for now


def carry(near, far, delay):
    ends = (near, far)
    while True:
        now = time.monotonic()
        for end in ends:
            end.deliver(now)
        due = [end.underway[0][0] for end in ends if end.underway]
        wait = max(0.0, min(due) - time.monotonic()) if due else None
        ready = select.select([near.tun, far.tun, sys.stdin], [], [], wait)[0]
        if sys.stdin in ready and not os.read(sys.stdin.fileno(), 1):
            return
        arrival = time.monotonic() + delay
        if near.tun in ready:
            near.take(arrival, far)
        if far.tun in ready:
            far.take(arrival, near)


def go_first():
    """A packet that waits for the processor comes late, and looks like a longer link."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except OSError:
        pass  # a container may forbid it


def leave(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # whoever ends a whole process group says it twice
    sys.exit()


def set_tcp(namespace, name, value):
    run("ip", "netns", "exec", namespace, "sh", "-c", f"echo {value} > /proc/sys/net/ipv4/{name}")


def run(*command):
    subprocess.run(command, check=True)


def main():
    signal.signal(signal.SIGTERM, leave)
    name, milliseconds = sys.argv[1], float(sys.argv[2])
    congestion_control = (sys.argv[3:] or [None])[0]
    names = (name + "-near", name + "-far")
    try:
        near = End(names[0], "portside0", "198.18.0.1/30", congestion_control)
        far = End(names[1], "portside0", "198.18.0.2/30", congestion_control)
        go_first()
        print("ready", flush=True)
        carry(near, far, milliseconds / 1000)
    finally:
        for namespace in names:
            subprocess.run(("ip", "netns", "delete", namespace), stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
