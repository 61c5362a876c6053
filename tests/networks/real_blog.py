"""A real WordPress with its own MariaDB, from Debian's packages: ordinary processes in one folder, gone afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

SOURCE = Path("/usr/share/wordpress")
PROGRAMS = ("php", "mariadbd", "mariadb-install-db", "mariadb")
PACKAGES = "wordpress mariadb-server php-cli php-mysql php-gd php-xml"
STARTING = 30.0
LIVE_IN = "nobody"

CONFIG = """<?php
define('DB_NAME', 'blog'); define('DB_USER', 'blog'); define('DB_PASSWORD', '%(secret)s');
define('DB_HOST', 'localhost:%(socket)s'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY',
    'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) define($name, '%(secret)s' . $name);
$table_prefix = 'wp_';
define('WP_ENVIRONMENT_TYPE', 'local');  // application passwords without TLS
define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true); define('DISABLE_WP_CRON', true);
define('WP_HOME', '%(url)s'); define('WP_SITEURL', '%(url)s');
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
function wp_new_blog_notification() {}  // there is no mail here
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Teras Kopi', 'sari', 'sari@example.test', true, '', '%(secret)s');
update_option('permalink_structure', '/%%postname%%/');
update_option('comment_moderation', 1);
update_option('template', 'plain'); update_option('stylesheet', 'plain');
flush_rewrite_rules(false);
$made = WP_Application_Passwords::create_new_application_password(1, ['name' => 'test']);
wp_insert_user(['user_login' => 'reader', 'user_pass' => '%(secret)s', 'role' => 'subscriber']);
echo $made[0];
"""
ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$file = __DIR__ . $path;
if ($path !== '/' && is_file($file)) {
    if (substr($file, -4) !== '.php') return false;
    chdir(dirname($file)); $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $path; require $file; return true;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
require __DIR__ . '/index.php';
"""
THEME = {
    "style.css": "/* Theme Name: Plain */",
    "index.php": "<!doctype html><html><head><?php wp_head(); ?></head><body><?php "
    "while (have_posts()) { the_post(); the_title('<h1>', '</h1>'); the_content(); } ?></body></html>",
}


def missing() -> list[str]:
    """What is not installed here."""
    programs = [name for name in PROGRAMS if shutil.which(name) is None and not Path(f"/usr/sbin/{name}").exists()]
    return programs + ([] if (SOURCE / "wp-load.php").exists() else ["wordpress"])


@dataclass
class RealBlog:
    """`url` is its address, `user` and `password` (of an application) open it, `login` is the person's own password."""

    url: str
    password: str
    login: str
    folder: Path
    user: str = "sari"

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def anonymous(self, method: str, path: str, **asked: Any) -> requests.Response:
        return requests.request(method, f"{self.url}{path}", timeout=10, **asked)

    def sign_in(self, session: requests.Session) -> None:
        """As a person does it, with a cookie."""
        session.get(f"{self.url}/wp-login.php", timeout=10)
        form = {"log": self.user, "pwd": self.login, "wp-submit": "Log In", "testcookie": "1"}
        answer = session.post(f"{self.url}/wp-login.php", data=form, timeout=10, allow_redirects=False)
        assert answer.status_code == 302, answer.text[:500]


@contextmanager
def a_real_blog() -> Iterator[RealBlog]:
    """Installed, open and running; stopped and taken away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="gardu-blog-"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield _running(folder, started)
    finally:
        for process in reversed(started):
            with_group = os.getpgid(process.pid)
            os.killpg(with_group, signal.SIGTERM)
        for process in started:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _running(folder: Path, started: list[subprocess.Popen[bytes]]) -> RealBlog:
    secret, port = secrets.token_hex(12), _free_port()
    url, door = f"http://127.0.0.1:{port}", folder / "db.sock"
    site = folder / "site"
    shutil.copytree(SOURCE, site, symlinks=False, ignore_dangling_symlinks=True, copy_function=shutil.copyfile)
    known = {"secret": secret, "socket": door, "url": url}
    for name, text in (("wp-config.php", CONFIG), ("install.php", INSTALL)):
        (site / name).unlink(missing_ok=True)
        (site / name).write_text(text % known)
    (site / "router.php").write_text(ROUTER)
    theme = site / "wp-content" / "themes" / "plain"
    theme.mkdir(parents=True)
    for name, text in THEME.items():
        (theme / name).write_text(text)
    (site / "wp-content" / "uploads").mkdir(exist_ok=True)
    who = _owner(folder)
    started.append(_database(folder, door, who))
    _until(door.exists, "MariaDB")
    grant = f"CREATE USER blog@localhost IDENTIFIED BY '{secret}'; GRANT ALL ON blog.* TO blog@localhost;"
    _run(["mariadb", "--no-defaults", "-u", "root", "-S", str(door), "-e", f"CREATE DATABASE blog; {grant}"], who)
    password = _run(["php", "-d", "sendmail_path=/bin/true", str(site / "install.php")], who).strip()
    (site / "install.php").unlink()
    command = ["php", "-d", "upload_max_filesize=16M", "-d", "post_max_size=16M", "-d", "sendmail_path=/bin/true"]
    command += ["-d", "opcache.enable_cli=1", "-S", f"127.0.0.1:{port}", "-t", str(site), str(site / "router.php")]
    started.append(_start(command, folder / "php.log", who, PHP_CLI_SERVER_WORKERS="2"))
    _until(lambda: _answers(url), "PHP")
    return RealBlog(url, password.splitlines()[-1], secret, folder)


def _database(folder: Path, door: Path, who: dict[str, Any]) -> subprocess.Popen[bytes]:
    data = folder / "db"
    made = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db"]
    _run([*made, "--auth-root-authentication-method=normal"], who)
    server = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
    command = [server, "--no-defaults", f"--datadir={data}", f"--socket={door}", f"--pid-file={folder}/db.pid"]
    command += ["--skip-networking", "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0"]
    return _start([*command, "--skip-log-bin", "--performance-schema=OFF"], folder / "db.log", who)


def _owner(folder: Path) -> dict[str, Any]:
    """Root gives the folder to an ordinary user and runs everything as that one."""
    if os.getuid() != 0:
        return {}
    folder.chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, LIVE_IN)
    return {"user": LIVE_IN, "group": "nogroup", "extra_groups": []}


def _run(command: list[str], who: dict[str, Any]) -> str:
    done = subprocess.run(command, capture_output=True, timeout=60, cwd="/", **who)
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-2000:]!r} {done.stderr[-2000:]!r}"
    return done.stdout.decode()


def _start(command: list[str], log: Path, who: dict[str, Any], **more: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            command, stdout=out, stderr=out, cwd="/", start_new_session=True, env={**os.environ, **more}, **who
        )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/wp-json/", timeout=10).status_code == 200
    except requests.RequestException:
        return False


def _until(happened: Any, what: str) -> None:  # Any: a question
    until = time.monotonic() + STARTING
    while not happened():
        assert time.monotonic() < until, f"{what} did not start"
        time.sleep(0.05)
