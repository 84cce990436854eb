-- What is in Social Live's database in the demo, made anew in every run.
CREATE TABLE users (
    id bigserial PRIMARY KEY,
    handle text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);
CREATE TABLE posts (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE INDEX idx_posts_created_at ON posts (created_at);
CREATE TABLE user_sessions (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX idx_user_sessions_expires_at ON user_sessions (expires_at);
CREATE TABLE feed_items (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    post_id bigint NOT NULL REFERENCES posts,
    score real NOT NULL,
    created_at timestamptz NOT NULL
);

INSERT INTO users (handle, created_at)
SELECT 'user-' || n, now() - n * interval '1 hour' FROM generate_series(1, 2000) n;
INSERT INTO posts (user_id, body, created_at)
SELECT 1 + n % 2000, 'Post ' || n, now() - n * interval '4 minutes' FROM generate_series(1, 6000) n;
INSERT INTO user_sessions (user_id, created_at, expires_at)
SELECT 1 + n * 7 % 2000, now() - n * interval '45 seconds', now() + interval '30 days' - n * interval '16 minutes'
FROM generate_series(1, 4000) n;
INSERT INTO feed_items (user_id, post_id, score, created_at)
SELECT 1 + n % 2000, 1 + n % 6000, (n * 37 % 100) / 100.0, now() - n * interval '2 minutes'
FROM generate_series(1, 8000) n;
ANALYZE;
