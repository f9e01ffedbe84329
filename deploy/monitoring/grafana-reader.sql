-- A role that Grafana's PostgreSQL data source logs in as, for the dashboard of one flag. It reads one organisation, and of that
-- only what the dashboard shows: no people, keys, salts or events of units. Run it as the owner of the database or a superuser,
-- again after an upgrade that changes deploy/monitoring:
--
--   psql -v org=demo -v role=fanion_grafana -f deploy/monitoring/grafana-reader.sql "$DATABASE_URL"
--   psql -c '\password fanion_grafana' "$DATABASE_URL"
--
-- Another organisation has a role, and a data source, of its own. To take it away: DROP OWNED BY fanion_grafana;
-- DROP ROLE fanion_grafana;
\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL search_path = fanion, pg_temp;

SET LOCAL ROLE fanion_lookup; -- sees all organisations
SELECT coalesce((SELECT org_id FROM orgs WHERE key = :'org' AND deleted_at IS NULL), '') AS org_id \gset
RESET ROLE;
SELECT set_config('fanion_reader.org', :'org', true), set_config('fanion_reader.org_id', :'org_id', true) \g /dev/null
DO $$
BEGIN
    IF current_setting('fanion_reader.org_id') = '' THEN
        RAISE EXCEPTION 'there is no organisation with the key %', current_setting('fanion_reader.org');
    END IF;
END $$;

SELECT format('CREATE ROLE %I LOGIN', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" SET search_path = fanion;
ALTER ROLE :"role" SET default_transaction_read_only = on;
ALTER ROLE :"role" SET statement_timeout = '10s';
GRANT USAGE ON SCHEMA fanion TO :"role";

GRANT SELECT (org_id, project_id, key, deleted_at) ON projects TO :"role";
GRANT SELECT (org_id, project_id, env_id, key, position, deleted_at) ON environments TO :"role";
GRANT SELECT (org_id, project_id, flag_id, key, deleted_at) ON flags TO :"role";
GRANT SELECT (org_id, flag_id, env_id, version, enabled, share, updated_at, updated_by) ON flag_configs TO :"role";
GRANT SELECT ON evaluation_counts, flag_answers, flag_callers TO :"role";
GRANT SELECT (org_id, rollout_id, env_id, position, flag, rule, state, progress, created_at, ended_at) ON rollouts TO :"role";
GRANT SELECT (org_id, rollout_id, seq, at, action, reason, detail, step) ON rollout_decisions TO :"role";

-- The policy that all roles have follows a setting that a session can change; with these two, nothing but this organisation is
-- visible whatever it sets.
SELECT format('DROP POLICY IF EXISTS %I ON %I', policy, name),
       format('CREATE POLICY %I ON %I AS %s FOR SELECT TO %I USING (org_id = %L)', policy, name, kind, :'role', :'org_id')
FROM unnest(ARRAY['projects', 'environments', 'flags', 'flag_configs', 'evaluation_counts', 'flag_answers', 'flag_callers',
                  'rollouts', 'rollout_decisions']) AS name,
     LATERAL (VALUES ('PERMISSIVE', :'role' || '_reads'), ('RESTRICTIVE', :'role' || '_only')) AS kinds (kind, policy) \gexec
COMMIT;
