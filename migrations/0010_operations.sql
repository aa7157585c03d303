-- A change of several calls from before the first of them until its end is recorded, so that a portal that was killed in the
-- middle finishes or undoes it. Its number is that of its intent. One that the portal had to end by itself stays, with what is
-- told of it, until the person who started it has seen that.
CREATE TABLE operation (
    id      INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    begun   INTEGER NOT NULL,
    work    TEXT NOT NULL,
    undo    INTEGER NOT NULL DEFAULT 0 CHECK (undo IN (0, 1)),
    told    TEXT
) STRICT;
-- Intents without an end are looked for at each start.
CREATE INDEX audit_intents ON audit (id) WHERE outcome = 'intent';
