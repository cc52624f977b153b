"""
How gunicorn serves the site.

Threads, because an export may take longer than a request should: a thread that streams keeps
no other reader waiting, and the time limit below is for a worker that hangs, not for a
download that takes its time.
"""

import os
import sys
from pathlib import Path

chdir = str(Path(__file__).resolve().parent.parent)
sys.path.insert(0, chdir)

from kptracker.collector import calm_collector  # noqa: E402
from kptracker.settings import PORT, WEB_CONCURRENCY, WEB_THREADS  # noqa: E402

bind = f"127.0.0.1:{PORT}"
worker_class = "gthread"
workers = WEB_CONCURRENCY
threads = WEB_THREADS
timeout = 60
graceful_timeout = 20
keepalive = 5
# Heartbeats go to memory: on a busy disk a healthy worker would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# `ACCESS_LOG=-` writes a line for each request.
accesslog = os.environ.get("ACCESS_LOG", "").strip() or None
loglevel = "warning"
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """Have Python's collector do no more than it must."""
    calm_collector()
