-- A row per pool of connections that writes. A health check counts one up: that the database takes a write is known only
-- from a write that was committed.
CREATE TABLE write_check (
    pool  TEXT PRIMARY KEY,
    times INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
