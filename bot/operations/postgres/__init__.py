"""PostgreSQL: psql, bare SQL and pg_isready as typed operations, and the backend that carries them out.

`tokens` reads SQL as the server does, `statement` is one statement with its holes, `sql` refuses what cannot be one;
`effects` tells what it may do, and the backend's READ ONLY transaction holds whoever was mistaken to it.
"""
