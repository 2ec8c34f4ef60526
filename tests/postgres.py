"""Run a command against PostgreSQL: `python -m tests.postgres -- pytest`.

Uses DATABASE_URL when it names a PostgreSQL; else starts a cluster of its own on a free port and removes it afterwards.
Without any PostgreSQL the command is not run and that is said; in CI that is a failure.
"""

import glob
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def main(command: list[str]) -> int:
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres://", "postgresql://")):
        return run(command, url)
    binaries = find_binaries()
    if binaries is None:
        print("Pas de PostgreSQL sur cette machine : les tests PostgreSQL ne sont pas lancés.")
        return 1 if os.environ.get("CI") else 0
    with cluster(binaries) as url:
        return run(command, url)


def run(command: list[str], url: str) -> int:
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


def find_binaries() -> Path | None:
    if found := sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb")):
        return Path(found[-1]).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """Yield the URL of a throw-away cluster that listens on this machine only."""
    folder = Path(tempfile.mkdtemp(prefix="eco-clic-pg-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", free_port()

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_owner, str(binaries / program), *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )

    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
        "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 "
        "-c random_page_cost=1.1 -c jit=off"  # as compose.yaml sets them
    )
    try:
        call(
            "initdb", "-D", str(data), "-U", "eco", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        )
        call("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        yield f"postgresql://eco@127.0.0.1:{port}/postgres"
    finally:
        if data.exists():
            call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[sys.argv.index("--") + 1 :]))
