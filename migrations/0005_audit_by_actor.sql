-- The entries of one person are bounded, so that nobody's push out those of others.
CREATE INDEX audit_actor ON audit (actor);
