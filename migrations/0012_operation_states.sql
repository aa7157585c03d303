-- Each change of an app is an operation: who asked for it and why, on which app, what it does, how far it has come, what happened
-- on the way and how it ended. Its number is that of its intent. Operations that have ended stay for a while, to be looked up.
-- `applied`: the workload as its calls have left it, and since when it is waited for. `undo`: it is to be taken back. `notice`: its person was not told of its end yet.
CREATE TABLE operation_12 (
    id        INTEGER PRIMARY KEY,
    state     TEXT NOT NULL CHECK (state IN ('accepted', 'checking', 'applying', 'waiting', 'succeeded', 'failed', 'taken_back', 'unknown')),
    action    TEXT NOT NULL,
    namespace TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    user_id   INTEGER NOT NULL,
    why       TEXT,
    begun     INTEGER NOT NULL,
    moved     INTEGER NOT NULL,
    work      TEXT NOT NULL,
    progress  TEXT NOT NULL DEFAULT '[]',
    applied   TEXT,
    verdict   TEXT,
    undo      INTEGER NOT NULL DEFAULT 0 CHECK (undo IN (0, 1)),
    notice    INTEGER NOT NULL DEFAULT 0 CHECK (notice IN (0, 1)),
    is_open   INTEGER NOT NULL GENERATED ALWAYS AS (state IN ('accepted', 'checking', 'applying', 'waiting')) VIRTUAL
) STRICT;
-- What was kept of an operation before is one that is under way, or one with an end that is to be told (`told`). A row that no portal
-- has written keeps its texts, and is left alone by whoever cannot read them. One without
-- its intent is seen by nobody, so nobody would ever end it: it is over.
WITH read AS (
    SELECT operation.*, iif(json_valid(work), work, '{}') AS w, iif(json_valid(told), told, '{}') AS t,
        (SELECT at FROM audit WHERE intent = operation.id ORDER BY audit.id DESC LIMIT 1) AS ended,
        EXISTS (SELECT 1 FROM audit WHERE audit.id = operation.id) AS has_intent
    FROM operation
), known AS (
    SELECT read.*, coalesce(json_extract(w, '$.create.app'), json_extract(w, '$.delete.app'), '{}') AS app,
        CASE json_type(t, '$.ending') WHEN 'text' THEN json_extract(t, '$.ending') WHEN 'object' THEN 'undone' ELSE '' END AS ending
    FROM read
)
INSERT INTO operation_12 (id, state, action, namespace, kind, name, user_id, begun, moved, work, verdict, undo, notice)
SELECT id,
    CASE
        WHEN told IS NULL AND has_intent THEN 'applying'
        WHEN ending IN ('created', 'deleted') THEN 'succeeded'
        WHEN ending = 'not_deleted' THEN 'failed'
        WHEN ending = 'undone' THEN 'taken_back'
        ELSE 'unknown'
    END,
    CASE WHEN json_type(w, '$.create') IS NOT NULL THEN 'create' WHEN json_type(w, '$.delete') IS NOT NULL THEN 'delete' ELSE '' END,
    coalesce(json_extract(app, '$.namespace'), ''),
    coalesce(json_extract(app, '$.kind'), ''),
    coalesce(json_extract(app, '$.name'), ''),
    user_id,
    begun,
    coalesce(ended, begun),
    work,
    CASE ending
        WHEN 'created' THEN '{"code":"complete"}'
        WHEN 'deleted' THEN '{"code":"gone"}'
        WHEN 'not_deleted' THEN '{"code":"not_made"}'
        WHEN 'undone' THEN '{"code":{"taken_back":' || json_extract(t, '$.ending.undone') || '}}'
        ELSE told
    END,
    undo,
    told IS NOT NULL
FROM known;
DROP TABLE operation;
ALTER TABLE operation_12 RENAME TO operation;
-- What a start looks at, what is under way, and the notices of a person.
CREATE INDEX operation_open ON operation (id) WHERE is_open;
CREATE INDEX operation_notice ON operation (user_id, id) WHERE notice;
-- The newest of an app.
CREATE INDEX operation_app ON operation (namespace, kind, name, id);
