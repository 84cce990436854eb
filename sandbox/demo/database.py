"""What is in Social Live's database and cache in the demo, made anew in every run."""

from pathlib import Path

from sandbox.targets.postgres import Postgres

DATABASE = "sociallive_prod"
_ROWS = Path(__file__).parent / "social_live.sql"
_READ = (
    b"SELECT count(*) FROM posts WHERE created_at > now() - interval '24 hours'",
    b"SELECT post_id, max(score) FROM feed_items GROUP BY post_id ORDER BY 2 DESC LIMIT 20",
    b"SELECT count(DISTINCT user_id) FROM user_sessions WHERE created_at > now() - interval '24 hours'",
)
KEYS = {
    **{f"session:{n}": f'{{"user": {n * 7 % 2000}}}' for n in range(300)},
    **{f"feed:{n}": ",".join(str(n * k % 6000) for k in range(1, 40)) for n in range(120)},
    "feature-flags": '{"checkout": true}',
}


def fill(server: Postgres) -> None:
    """Make the database with its tables and rows, and read it a little, so that there are statistics."""
    import psycopg  # heavy: the demo's page is shown meanwhile

    server.create(DATABASE)
    with psycopg.connect(server.address(DATABASE), autocommit=True) as connection:
        connection.execute(_ROWS.read_bytes())
        if server.counts_statements:
            connection.execute("CREATE EXTENSION pg_stat_statements")
        for statement in _READ * 5:
            connection.execute(statement)
