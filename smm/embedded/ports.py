"""A free port of this machine."""

import socket


def free(wanted: int = 0) -> int:
    """`wanted` when nobody listens there, else any free port of the loopback address.

    Somebody may take it between this call and its use: callers try again.
    """
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
