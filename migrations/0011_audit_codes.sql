-- An entry keeps what was done and to what as JSON (`args`), and apart from its text the namespace that it lies in and, where a
-- request was refused, method and path. Entries from before have no `args`; their target told namespace and request in one text:
-- "web/deployment/shop", "web: GET /api/v1/x".
ALTER TABLE audit ADD COLUMN args TEXT;
ALTER TABLE audit ADD COLUMN namespace TEXT;
ALTER TABLE audit ADD COLUMN request TEXT;
DROP INDEX audit_namespace;
UPDATE audit SET
    namespace = substr(target, 1, min(instr(target || '/', '/'), instr(target || ':', ':')) - 1),
    request = iif(action GLOB 'namespace.*' AND instr(target, ': ') > 0, substr(target, instr(target, ': ') + 2), NULL)
-- "more" stands for those that were not listed, of any namespace.
WHERE (action GLOB 'app.*' OR action GLOB 'secret.*' OR action GLOB 'namespace.*') AND target <> 'more';
CREATE INDEX audit_namespace ON audit (namespace) WHERE namespace IS NOT NULL;
