-- How many approvals a change takes stands in the row that every change locks and reads.
ALTER TABLE environments
    ADD COLUMN required_approvals integer NOT NULL DEFAULT 0 CHECK (required_approvals BETWEEN 0 AND 10);
ALTER TABLE environments NO FORCE ROW LEVEL SECURITY;  -- for the owner, who is not a superuser everywhere
ALTER TABLE environment_approvals NO FORCE ROW LEVEL SECURITY;
UPDATE environments e SET required_approvals = a.required FROM environment_approvals a WHERE a.env_id = e.env_id;
ALTER TABLE environments FORCE ROW LEVEL SECURITY;

CREATE OR REPLACE FUNCTION project_base(of_org text, of_project text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(
        e.env_id || '@' || e.epoch || '.' || e.version || '/' || e.required_approvals, ' '
        ORDER BY e.env_id COLLATE "C"), ''), 'UTF8')), 'hex')
    FROM environments e WHERE e.org_id = of_org AND e.project_id = of_project AND e.deleted_at IS NULL
$$;

DROP TABLE environment_approvals;
