"""The application's command line: python -m skriptoteket.cli COMMAND"""
import argparse
import getpass
import glob
import os
import sys

from skriptoteket import store

ADMINS = "admin", "superuser"


def password_of(given, what):
    """Without the option it is asked for; where there is no terminal it is the
    next line of standard input."""
    if given:
        return given
    return getpass.getpass(f"{what} password: ") if sys.stdin.isatty() else input()


def fail(message):
    print(message, file=sys.stderr)
    raise SystemExit(1)


def add_user(cursor, email, role, password):
    cursor.execute("SELECT 1 FROM users WHERE email = %s", (email,))
    if cursor.fetchone():
        fail("User already exists for that email.")
    cursor.execute(
        "INSERT INTO users (email, role, password) VALUES (%s, %s, %s) RETURNING id",
        (email, role, store.hash_password(password)),
    )
    return cursor.fetchone()[0]


def check_actor(cursor, email, password):
    cursor.execute("SELECT role, password FROM users WHERE email = %s", (email,))
    row = cursor.fetchone()
    if not row or not store.is_password(password or "", row[1]):
        fail("Invalid admin credentials.")
    if row[0] not in ADMINS:
        fail("Insufficient permissions to provision that user.")


def bootstrap_superuser(args):
    args.password = password_of(args.password, "New")
    with store.connect() as db, db.cursor() as cursor:
        key = add_user(cursor, args.email, "superuser", args.password)
    print(f"Created superuser: {args.email} ({key})")


def provision_user(args):
    args.actor_password = password_of(args.actor_password, "Your")
    args.password = password_of(args.password, "New")
    with store.connect() as db, db.cursor() as cursor:
        check_actor(cursor, args.actor_email, args.actor_password)
        key = add_user(cursor, args.email, args.role, args.password)
    print(f"Created user: {args.email} ({args.role}) ({key})")


def cleanup_session_files(_):
    scanned = sessions = files = size = 0
    for path, age in store.folders(store.SESSIONS):
        scanned += 1
        if age > store.SESSION_TTL_S:
            n, freed = store.remove(path)
            sessions, files, size = sessions + 1, files + n, size + freed
    print(
        f"Cleanup session files complete: scanned_sessions={scanned}"
        f" deleted_sessions={sessions} deleted_files={files}"
        f" deleted_bytes={size} artifacts_root={store.ROOT}"
    )


def clear_all_session_files(args):
    paths = [path for path, _ in store.folders(store.SESSIONS)]
    if not paths:
        print(f"No session files found under {store.SESSIONS}.")
        return
    files, size = store.measure(store.SESSIONS)
    print(
        f"About to delete ALL session files under {store.SESSIONS}"
        f" (sessions={len(paths)}, files={files}, bytes_total={size})."
    )
    if not args.yes and input("Continue? [y/N]: ").strip().lower() != "y":
        raise SystemExit(1)
    for path in paths:
        store.remove(path)
    print(f"Deleted all session files under {store.SESSIONS}.")


def delete_rows(what, statement):
    with store.connect() as db, db.cursor() as cursor:
        cursor.execute(statement)
        print(f"Cleanup {what} complete: deleted={cursor.rowcount}")


def cleanup_sandbox_snapshots(_):
    delete_rows(
        "sandbox snapshots", "DELETE FROM sandbox_snapshots WHERE expires_at < now()"
    )


def cleanup_login_events(_):
    delete_rows(
        "login events",
        "DELETE FROM login_events WHERE created_at < now() - interval '90 days'",
    )


def prune_artifacts(args):
    days = args.days or store.RETENTION_DAYS
    if args.dry_run:
        print(
            f"Dry run: would prune artifact directories under {store.ROOT}"
            f" older than {days} days."
        )
        return
    old = [path for path, age in store.folders(store.RUNS) if age > days * 86400]
    for path in old:
        store.remove(path)
    print(f"Deleted {len(old)} artifact run directories from {store.ROOT}.")


def seed_tool(cursor, slug, source, args):
    title = slug.replace("-", " ").capitalize()
    cursor.execute("SELECT 1 FROM tools WHERE slug = %s", (slug,))
    known = cursor.fetchone()
    if not known:
        cursor.execute("INSERT INTO tools (slug, title) VALUES (%s, %s)", (slug, title))
    cursor.execute(
        "SELECT number, source FROM tool_versions WHERE slug = %s"
        " ORDER BY number DESC LIMIT 1",
        (slug,),
    )
    number, newest = cursor.fetchone() or (0, None)
    if number == 0 or (args.sync_code and newest != source):
        cursor.execute(
            "INSERT INTO tool_versions VALUES (%s, %s, %s, %s)",
            (slug, number + 1, source, args.actor_email),
        )
    return "updated" if known else "created"


def seed_script_bank(args):
    pattern = os.path.join(os.path.dirname(__file__), "script_bank", "*.py")
    with store.connect() as db, db.cursor() as cursor:
        check_actor(cursor, args.actor_email, args.actor_password)
        for path in sorted(glob.glob(pattern)):
            slug = os.path.basename(path)[: -len(".py")].replace("_", "-")
            with open(path, encoding="utf-8") as f:
                done = seed_tool(cursor, slug, f.read(), args)
            print(f"{'[dry-run] ' * args.dry_run}Seeded tool: {slug} ({done})")
        if args.dry_run:
            db.rollback()


def parser():
    top = argparse.ArgumentParser(prog="skriptoteket.cli")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name, function, *options):
        sub = commands.add_parser(name)
        sub.set_defaults(function=function)
        for option, settings in options:
            sub.add_argument(option, **settings)

    needed, switch = {"required": True}, {"action": "store_true"}
    actor = [
        (f"--actor-{what}", {"default": os.environ.get(f"SKRIPTOTEKET_SCRIPT_BANK_ACTOR_{what.upper()}")})
        for what in ("email", "password")
    ]
    user = [("--email", needed), ("--password", {})]
    command("bootstrap-superuser", bootstrap_superuser, *user)
    command("provision-user", provision_user, *actor, *user, ("--role", {"default": "user"}))
    command("cleanup-session-files", cleanup_session_files)
    command("clear-all-session-files", clear_all_session_files, ("--yes", switch))
    command("cleanup-sandbox-snapshots", cleanup_sandbox_snapshots)
    command("cleanup-login-events", cleanup_login_events)
    command(
        "prune-artifacts", prune_artifacts, ("--dry-run", switch), ("--days", {"type": int})
    )
    command(
        "seed-script-bank",
        seed_script_bank,
        *actor,
        ("--dry-run", switch),
        ("--sync-code", switch),
    )
    return top


if __name__ == "__main__":
    arguments = parser().parse_args()
    arguments.function(arguments)
