-- When a pod was measured last, so that those to be pruned are found without a look at their samples. Pods from before
-- count as measured just now and go one retention later.
ALTER TABLE pod ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;
UPDATE pod SET last_at = (SELECT coalesce(max(at), 0) FROM sample);
