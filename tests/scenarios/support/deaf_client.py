#!/usr/bin/python3
"""deaf_client.py HOST PORT PATH KEY: asks for a path, prints its own port, never reads the answer, and stays until it is killed."""
import signal
import socket
import sys

host, port, path, key = sys.argv[1:]
line = socket.socket()
line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)  # what the kernel would take for it
line.connect((host, int(port)))
line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
print(line.getsockname()[1], flush=True)
signal.pause()
