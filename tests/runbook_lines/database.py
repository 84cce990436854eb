"""The databases of all platforms: tables with everything that the runbooks' lines name, and some rows in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import randrange

import psycopg

from sandbox.targets.postgres import Postgres, prepared

SCHEMA = """
CREATE TABLE users (id int PRIMARY KEY, name text, created_at timestamptz DEFAULT now());
CREATE TABLE posts (
    id int PRIMARY KEY, user_id int, created_at timestamptz DEFAULT now(), deleted_at timestamptz
);
CREATE INDEX idx_posts_created_at ON posts (created_at);
CREATE TABLE user_sessions (
    id int PRIMARY KEY, user_id int, created_at timestamptz DEFAULT now(), expires_at timestamptz
);
CREATE TABLE feed_items (user_id int, score float, created_at timestamptz DEFAULT now());
CREATE TABLE orders (id int PRIMARY KEY, total numeric, created_at timestamptz DEFAULT now());
CREATE TABLE polls (id int PRIMARY KEY, question text, is_active boolean, expires_at timestamptz);
CREATE TABLE audit_logs (
    id int PRIMARY KEY, action text, ip_address inet, created_at timestamptz DEFAULT now()
);
CREATE TABLE qr_codes (id int PRIMARY KEY, code text, created_at timestamptz DEFAULT now());
INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 200) n;
INSERT INTO posts SELECT n, n FROM generate_series(1, 200) n;
INSERT INTO user_sessions SELECT n, n, now(), now() - n * interval '1 day' FROM generate_series(1, 20) n;
INSERT INTO feed_items SELECT n, n / 10.0 FROM generate_series(1, 20) n;
INSERT INTO orders SELECT n, n FROM generate_series(1, 20) n;
INSERT INTO polls SELECT n, 'Which one?', true, now() - n * interval '1 hour' FROM generate_series(1, 20) n;
INSERT INTO audit_logs SELECT n, 'login', '10.0.0.7', now() - n * interval '30 days' FROM generate_series(0, 9) n;
INSERT INTO qr_codes SELECT n, md5(n::text) FROM generate_series(1, 20) n;
ANALYZE;
"""


@contextmanager
def listening() -> Iterator[tuple[Postgres, str]]:
    """Start a server that listens where lines look for it: at the usual port, of a loopback address of its own."""
    host = f"127.{randrange(1, 255)}.{randrange(256)}.{randrange(1, 255)}"
    with prepared({"listen_addresses": host}) as server:
        server.initialise()
        server.start()
        yield server, host


def create(postgres: Postgres, name: str) -> None:
    """Make a database with the tables."""
    postgres.create(name)
    fill(postgres.address(name), counting=postgres.counts_statements)


def fill(address: str, *, counting: bool) -> None:
    """Make the tables anew, whatever is there; `counting` says that the server can count statements."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute(SCHEMA.encode())
        if counting:
            connection.execute("CREATE EXTENSION pg_stat_statements")
