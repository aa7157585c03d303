-- Keys are pruned by their last moment, which for an address that is known to be a person's own lies ahead.
DROP INDEX tries_since;
CREATE INDEX tries_kept_until ON tries (max(since, blocked_until));
