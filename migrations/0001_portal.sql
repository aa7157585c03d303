-- Identity: who may sign in, what for, and what they did.
CREATE TABLE user (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    display   TEXT NOT NULL CHECK (length(display) <= 128),
    phc       TEXT NOT NULL,
    admin     INTEGER NOT NULL CHECK (admin IN (0, 1)),
    disabled  INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created   INTEGER NOT NULL,
    last_seen INTEGER
) STRICT;

CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    user_id    INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    created    INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    address    TEXT NOT NULL,
    agent      TEXT NOT NULL
) STRICT;
CREATE INDEX session_user ON session (user_id);
CREATE INDEX session_last_seen ON session (last_seen);

CREATE TABLE team (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE team_namespace (
    team_id   INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    namespace TEXT NOT NULL,
    PRIMARY KEY (team_id, namespace)
) STRICT, WITHOUT ROWID;

CREATE TABLE team_member (
    team_id INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    role    TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'owner')),
    PRIMARY KEY (team_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_member_user ON team_member (user_id);

-- Failed sign-ins per key (an account, an address, or both); see the limiter in the service.
CREATE TABLE tries (
    key           TEXT PRIMARY KEY,
    failed        INTEGER NOT NULL,
    since         INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tries_since ON tries (since);

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    address TEXT NOT NULL,
    action  TEXT NOT NULL,
    target  TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('intent', 'done', 'refused', 'failed')),
    detail  TEXT NOT NULL
) STRICT;

-- Keys of this portal, made at its first start, such as the one under which fingerprints are computed.
CREATE TABLE portal_key (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL CHECK (length(value) = 32)
) STRICT, WITHOUT ROWID;

-- Telemetry: one row per pod and step. App and pod names are kept once, because they repeat every 15 s for a day.
CREATE TABLE app (
    id        INTEGER PRIMARY KEY,
    namespace TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    UNIQUE (namespace, kind, name)
) STRICT;

CREATE TABLE pod (
    id     INTEGER PRIMARY KEY,
    app_id INTEGER NOT NULL REFERENCES app (id),
    name   TEXT NOT NULL,
    UNIQUE (app_id, name)
) STRICT;

CREATE TABLE sample (
    app_id       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    pod_id       INTEGER NOT NULL,
    cpu_milli    INTEGER NOT NULL,
    memory_bytes INTEGER NOT NULL,
    PRIMARY KEY (app_id, at, pod_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sample_at ON sample (at);
