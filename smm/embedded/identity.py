"""PostgreSQL refuses to run as root; here is who it runs as instead.

Three answers, in this order: ourselves, when we are not root; `nobody` inside a user namespace, which needs no
other folder and no change of owner; `nobody` for good, where the kernel refuses namespaces (many containers).
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Identity:
    """Who the server's processes are. `uid` and `gid` are what they see themselves as."""

    kind: Literal["self", "namespace", "nobody"]
    uid: int
    gid: int

    def become(self, *, dies_with_parent: int | None = None) -> Callable[[], None]:
        """What to run in the child before the program: take the identity, then follow the parent into death.

        `dies_with_parent` is the signal sent when the parent dies (Linux only). It must be asked for after the
        change of user, which clears it.
        """
        parent = os.getpid()
        take = {"self": _stay, "namespace": self._enter_namespace, "nobody": self._become_nobody}[self.kind]

        def prepare() -> None:
            take()
            if dies_with_parent is not None:
                follow_into_death(parent, dies_with_parent)

        return prepare

    def give(self, path: Path) -> None:
        """Make `path` the server's own: only needed where it really is another user."""
        if self.kind == "nobody":
            os.chown(path, self.uid, self.gid)

    def can_read(self, folder: Path) -> bool:
        """Whether the server's user gets through to `folder`, asked by a child that is that user."""
        child = os.fork()
        if child == 0:
            try:
                self._become_nobody()
                os._exit(0 if os.access(folder, os.R_OK | os.X_OK) else 1)
            finally:
                os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    def reachable_programs(self, folder: Path, copies: Path) -> Path:
        """`folder`, or a copy of it under `copies` when the server's user may not go where the original is."""
        if self.kind != "nobody" or self.can_read(folder):
            return folder
        install, package = folder.parent, folder.parent.parent
        copy = copies / package.name / install.name
        if not (copies / "complete").exists():
            shutil.copytree(install, copy, symlinks=True, dirs_exist_ok=True)
            libraries = package.with_name(package.name + ".libs")
            if libraries.exists():  # the wheel's programs look for these beside their package
                shutil.copytree(libraries, copies / libraries.name, dirs_exist_ok=True)
            (copies / "complete").touch()
        return copy / folder.name

    def _enter_namespace(self) -> None:
        outer_uid, outer_gid = os.geteuid(), os.getegid()
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "the kernel refuses user namespaces")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{self.uid} {outer_uid} 1")
        Path("/proc/self/gid_map").write_text(f"{self.gid} {outer_gid} 1")

    def _become_nobody(self) -> None:
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)


def find() -> Identity:
    """The identity for this machine; costs one tiny process when we are root."""
    if os.geteuid() != 0:
        return ourselves()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise RuntimeError(
            "PostgreSQL refuses to run as root and this machine has no user `nobody`. "
            "Run as an ordinary user, or set DATABASE_URL to a server of yours."
        ) from None
    namespace = Identity("namespace", nobody.pw_uid, nobody.pw_gid)
    if sys.platform == "linux" and _works(namespace):
        return namespace
    return Identity("nobody", nobody.pw_uid, nobody.pw_gid)


def ourselves() -> Identity:
    """The identity of a program that does not mind who runs it."""
    return Identity("self", os.geteuid(), os.getegid())


def follow_into_death(parent: int, with_signal: int) -> None:
    """Ask the kernel to signal this process when `parent` dies; where it cannot (macOS) do nothing."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def _works(identity: Identity) -> bool:
    try:
        answer = subprocess.run(["id", "-u"], preexec_fn=identity.become(), capture_output=True, text=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.stdout.strip() == str(identity.uid)


def _stay() -> None:
    return None
