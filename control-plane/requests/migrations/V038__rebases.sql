-- Of what a request was made when it was last tried: another state of the project's environments may come to another
-- result.
ALTER TABLE change_requests ADD COLUMN tried_of text NOT NULL DEFAULT '';

CREATE POLICY lookup ON change_requests TO fanion_lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup ON environment_approvals TO fanion_lookup USING (true) WITH CHECK (true);
GRANT SELECT ON change_requests, environment_approvals TO fanion_lookup;

-- What the project's environments serve and how many approvals they want, as 64 hexadecimal digits. All of them: the
-- definition of a flag is in each.
CREATE FUNCTION project_base(of_org text, of_project text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(
        e.env_id || '@' || e.epoch || '.' || e.version || '/' || coalesce(a.required, 0), ' '
        ORDER BY e.env_id COLLATE "C"), ''), 'UTF8')), 'hex')
    FROM environments e LEFT JOIN environment_approvals a USING (org_id, env_id)
    WHERE e.org_id = of_org AND e.project_id = of_project AND e.deleted_at IS NULL
$$;

-- Of all organisations, the open requests that were last tried of another state, in the order of their numbers. In what
-- was deleted they wait for a restoration.
CREATE FUNCTION stale_requests(after_number bigint, at_most integer)
RETURNS TABLE (org_id text, org_key text, project_id text, environment text, request_id text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp ROWS 20 AS $$
    WITH waiting AS MATERIALIZED (
        SELECT r.org_id, o.key AS org_key, e.project_id, e.key AS environment, r.request_id, r.number, r.tried_of
        FROM change_requests r JOIN orgs o USING (org_id) JOIN environments e USING (org_id, env_id)
        WHERE r.state = 'open' AND r.number > after_number AND e.deleted_at IS NULL),
    bases AS MATERIALIZED (
        SELECT p.project_id, project_base(p.org_id, p.project_id) AS base
        FROM (SELECT DISTINCT w.org_id, w.project_id FROM waiting w) p)
    SELECT w.org_id, w.org_key, w.project_id, w.environment, w.request_id, w.number
    FROM waiting w JOIN bases b USING (project_id) WHERE w.tried_of <> b.base ORDER BY w.number LIMIT at_most
$$;

REVOKE ALL ON FUNCTION project_base(text, text), stale_requests(bigint, integer) FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the function; taken back below
ALTER FUNCTION project_base(text, text) OWNER TO fanion_lookup;
ALTER FUNCTION stale_requests(bigint, integer) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION project_base(text, text) TO fanion_app;
GRANT EXECUTE ON FUNCTION stale_requests(bigint, integer) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
