"""`python -m bench.sink [SECONDS]`: takes mail and forgets it; prints its port first.

As little of an SMTP server as a client will talk to, so that it is not what is measured; it may
take its time over each message.
"""

import socketserver
import sys
import time


class Sink(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    latency = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            self.wfile.write(self._answer(line[:4].upper()))

    def _answer(self, verb: bytes) -> bytes:
        if verb != b"DATA":
            return b"250 OK\r\n"
        self.wfile.write(b"354 go on\r\n")
        while self.rfile.readline() != b".\r\n":
            pass
        time.sleep(self.latency)
        return b"250 taken\r\n"


if __name__ == "__main__":
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
