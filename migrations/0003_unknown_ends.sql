-- A change to which no answer came ends as 'unknown'. A check cannot be changed in place, so the rows move to a new table.
CREATE TABLE audit_with_unknown (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    address TEXT NOT NULL,
    action  TEXT NOT NULL,
    target  TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('intent', 'done', 'refused', 'failed', 'unknown')),
    detail  TEXT NOT NULL
) STRICT;
INSERT INTO audit_with_unknown SELECT id, at, actor, address, action, target, outcome, detail FROM audit;
DROP TABLE audit;
ALTER TABLE audit_with_unknown RENAME TO audit;
