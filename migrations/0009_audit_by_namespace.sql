-- A team's activity is what was done in its namespaces: the part of the target before "/deployment/shop" or ": GET /apps".
CREATE INDEX audit_namespace ON audit (substr(target, 1, min(instr(target || '/', '/'), instr(target || ':', ':')) - 1));
CREATE INDEX audit_team ON audit (id) WHERE action >= 'team.' AND action < 'team/';
