"""Joins two bridges by a link that is MS milliseconds long each way: delay-link.py NEAR FAR MS. Made of two TAP devices, since
this has to work where the kernel has no netem. Says `ready`; goes away, devices and all, when it is ended."""

import collections
import fcntl
import os
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000


def tap(bridge):
    name = "link-" + bridge
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    for words in ["master " + bridge, "up txqueuelen 5000"]:
        subprocess.run(["ip", "link", "set", name, *words.split()], check=True)
    return device


def main(near, far, milliseconds):
    delay = float(milliseconds) / 1000
    ends = [tap(near), tap(far)]
    other = dict(zip(ends, reversed(ends)))
    under_way = collections.deque()
    poll = select.epoll()
    for end in ends:
        poll.register(end, select.EPOLLIN)
    print("ready", flush=True)
    while True:
        for end, _ in poll.poll(max(0, under_way[0][0] - time.monotonic()) if under_way else -1):
            try:
                while True:
                    frame = os.read(end, 65536)
                    under_way.append((time.monotonic() + delay, other[end], frame))
            except BlockingIOError:
                pass
        while under_way and under_way[0][0] <= time.monotonic():
            _, end, frame = under_way.popleft()
            try:
                os.write(end, frame)
            except BlockingIOError:
                pass  # A full queue drops frames, as a switch does.


main(*sys.argv[1:])
