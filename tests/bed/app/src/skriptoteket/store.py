"""Where rows and files are."""
import hashlib
import os
import secrets
import shutil
import time

import psycopg2

ROOT = os.environ.get("ARTIFACTS_ROOT", "/app/.artifacts")
SESSIONS = os.path.join(ROOT, "sessions")
RUNS = os.path.join(ROOT, "runs")
SESSION_TTL_S = 24 * 3600
RETENTION_DAYS = int(os.environ.get("ARTIFACTS_RETENTION_DAYS", "30"))


def connect():
    url = os.environ["DATABASE_URL"].replace("+asyncpg", "")
    return psycopg2.connect(url, connect_timeout=5)


def hash_password(password, salt=None):
    salt = salt or secrets.token_hex(8)
    digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=1024, r=8, p=1)
    return f"{salt}${digest.hex()[:32]}"


def is_password(password, stored):
    return secrets.compare_digest(hash_password(password, stored.split("$")[0]), stored)


def folders(parent):
    """(path, age in seconds) of each folder in PARENT."""
    if not os.path.isdir(parent):
        return
    now = time.time()
    for name in sorted(os.listdir(parent)):
        path = os.path.join(parent, name)
        if os.path.isdir(path):
            yield path, now - os.stat(path).st_mtime


def measure(path):
    """How many files are below PATH, and how many bytes."""
    n = size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            n += 1
            size += os.path.getsize(os.path.join(folder, name))
    return n, size


def remove(path):
    n, size = measure(path)
    shutil.rmtree(path)
    return n, size
