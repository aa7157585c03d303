-- Which intent an entry ends, so that one act is one row of the page. Intents without an end stay to be seen.
ALTER TABLE audit ADD COLUMN intent INTEGER;
CREATE INDEX audit_intent ON audit (intent) WHERE intent IS NOT NULL;
