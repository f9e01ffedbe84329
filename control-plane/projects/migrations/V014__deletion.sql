-- Organisations, projects and environments are deleted in two steps. First they are marked, with all projects and environments
-- in them: to the program they do not exist, until somebody restores them. After a time they are purged.

ALTER TABLE orgs ADD COLUMN deleted_at timestamptz;
ALTER TABLE projects
    ADD COLUMN description text NOT NULL DEFAULT '',
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN deleted_with_parent boolean NOT NULL DEFAULT false;  -- by the deletion of its organisation: restored with it
ALTER TABLE environments
    ADD COLUMN description text NOT NULL DEFAULT '',
    ADD COLUMN colour text NOT NULL DEFAULT '' CHECK (colour ~ '^(#[0-9a-f]{6})?$'),
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN deleted_with_parent boolean NOT NULL DEFAULT false;  -- of its project or organisation
CREATE INDEX orgs_deleted ON orgs (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX projects_deleted ON projects (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX environments_deleted ON environments (deleted_at) WHERE deleted_at IS NOT NULL;

-- No statement of the program sees what is marked, unless its transaction asks for it. A statement that waits for a row's lock
-- checks the row again once it has it. fanion_lookup sees everything: its functions say themselves what they answer about.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['orgs', 'projects', 'environments'] LOOP
        EXECUTE format('CREATE POLICY present ON %I AS RESTRICTIVE TO fanion_app USING (deleted_at IS NULL '
                       'OR current_setting(''fanion.deleted'', true) = ''shown'')', t);
    END LOOP;
END $$;

-- The replaced functions keep their owner (fanion_lookup) and their grants.

-- `org_key` is null if the organisation is deleted. A relay's key is found all the same, and grants nothing there: so the relay
-- is told that what it has was deleted.
CREATE OR REPLACE FUNCTION find_api_key(hash bytea)
RETURNS TABLE (key_id text, org_id text, org_key text, project_id text, project_key text, env_id text, env_key text,
               kind text, not_before timestamptz, not_after timestamptz, revoked_at timestamptz, origins text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT k.key_id, k.org_id, CASE WHEN o.deleted_at IS NULL THEN o.key END, k.project_id, p.key, k.env_id, e.key, k.kind,
           k.not_before, k.not_after, k.revoked_at, k.origins
    FROM api_keys k
    JOIN orgs o USING (org_id)
    LEFT JOIN projects p ON p.project_id = k.project_id
    LEFT JOIN environments e ON e.env_id = k.env_id
    WHERE k.sha256 = hash
$$;

-- The environments that a key of an organisation, of a project or of an environment grants, or would if they were restored.
CREATE FUNCTION environments_of_key(of_org text, of_project text, of_env text) RETURNS TABLE (env_id text, is_deleted boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT e.env_id, e.deleted_at IS NOT NULL FROM environments e
    WHERE e.org_id = of_org AND (of_project IS NULL OR e.project_id = of_project) AND (of_env IS NULL OR e.env_id = of_env)
$$;

-- Roles in deleted projects and environments are among them: they decide who may restore those, and who reads the audit log's
-- entries about them.
CREATE OR REPLACE FUNCTION access_of_user(of_user text, of_org text)
RETURNS TABLE (org_id text, key text, name text, project_key text, env_key text, role text, permissions text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, o.key, o.name, g.project_key, g.env_key, g.role, r.permissions
    FROM memberships m
    JOIN orgs o USING (org_id)
    CROSS JOIN LATERAL (
        SELECT '' AS project_key, '' AS env_key, m.role AS role
        UNION ALL
        SELECT p.key, coalesce(e.key, ''), a.role
        FROM role_assignments a JOIN projects p USING (project_id) LEFT JOIN environments e ON e.env_id = a.env_id
        WHERE a.org_id = m.org_id AND a.user_id = m.user_id) g
    LEFT JOIN roles r ON r.org_id = m.org_id AND r.key = g.role
    WHERE m.user_id = of_user AND (of_org IS NULL OR o.key = of_org) AND o.deleted_at IS NULL
    ORDER BY o.key COLLATE "C", g.project_key COLLATE "C", g.env_key COLLATE "C"
$$;

CREATE OR REPLACE FUNCTION org_of_key(of_key text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT org_id FROM orgs WHERE key = of_key AND deleted_at IS NULL
$$;

CREATE OR REPLACE FUNCTION feed_environments()
RETURNS TABLE (env_id text, org_id text, org_key text, project_id text, project_key text, env_key text, epoch bigint,
               version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.epoch, e.version
    FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id)
    WHERE e.deleted_at IS NULL
    ORDER BY e.env_id
$$;

CREATE OR REPLACE FUNCTION service_token_of_hash(of_hash bytea)
RETURNS TABLE (token_id text, name text, scopes text[], created_at timestamptz, expires_at timestamptz,
               revoked_at timestamptz, last_used_at timestamptz, replaces text, account_id text, role text, created_by text,
               org_id text, org_key text, org_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT t.token_id, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.replaces, t.account_id,
           t.role, t.created_by, o.org_id, o.key, o.name
    FROM service_tokens t JOIN orgs o USING (org_id) WHERE t.sha256 = of_hash AND o.deleted_at IS NULL
$$;

CREATE OR REPLACE FUNCTION invitation_of_token(of_hash bytea, at_time timestamptz)
RETURNS TABLE (invitation_id text, org_id text, email text, name text, role text, invited_by text, created_at timestamptz,
               expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT i.invitation_id, i.org_id, i.email, i.name, i.role, i.invited_by, i.created_at, i.expires_at
    FROM invitations i JOIN orgs o USING (org_id)
    WHERE i.token_sha256 = of_hash AND i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > at_time
      AND o.deleted_at IS NULL
$$;

CREATE OR REPLACE FUNCTION webhook_event_orgs(at_most integer) RETURNS TABLE (org_id text, org_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, o.key FROM orgs o
    WHERE o.deleted_at IS NULL AND EXISTS (SELECT FROM webhook_events e WHERE e.org_id = o.org_id)
    ORDER BY (SELECT min(seq) FROM webhook_events e WHERE e.org_id = o.org_id), o.org_id LIMIT at_most
$$;

CREATE OR REPLACE FUNCTION orgs_with_old_audit(default_days integer) RETURNS TABLE (org_id text, days integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, d.days
    FROM orgs o LEFT JOIN audit_settings s USING (org_id)
    CROSS JOIN LATERAL (SELECT coalesce(s.retention_days, default_days) AS days) d
    WHERE d.days > 0 AND o.deleted_at IS NULL
      AND EXISTS (SELECT FROM audit a WHERE a.org_id = o.org_id AND a.action <> 'audit.purged'
                  AND a.at < now() - make_interval(days => d.days + 1))
    ORDER BY o.org_id
$$;

-- Environments that were last published in an earlier epoch, deleted ones among them: so that they can be restored as they are.
CREATE FUNCTION environments_before_epoch(of_epoch bigint)
RETURNS TABLE (env_id text, org_id text, org_key text, project_id text, project_key text, env_key text, epoch bigint,
               version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.epoch, e.version
    FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id)
    WHERE e.version > 0 AND e.epoch < of_epoch
    ORDER BY e.env_id
$$;

-- The deleted organisations of a person, with their role there.
CREATE FUNCTION deleted_orgs_of_user(of_user text)
RETURNS TABLE (org_id text, key text, name text, role text, permissions text[], deleted_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, o.key, o.name, m.role, r.permissions, o.deleted_at
    FROM memberships m JOIN orgs o USING (org_id) LEFT JOIN roles r ON r.org_id = m.org_id AND r.key = m.role
    WHERE m.user_id = of_user AND o.deleted_at IS NOT NULL
    ORDER BY o.key COLLATE "C"
$$;

-- Deletes at most `at_most` rows of one table, of what was marked before a time: first of environments, then of projects that
-- have none left, then of organisations that have no projects left; at last the marked row itself. To be repeated until it
-- returns 0. Several replicas take different ones. The first two tables are made by V021__lifecycle.sql.
CREATE FUNCTION purge_deleted(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
DECLARE
    doomed record;
    t text;
    n bigint;
BEGIN
    SELECT e.org_id, e.env_id, e.epoch, e.version INTO doomed FROM environments e
    WHERE e.deleted_at < before ORDER BY e.deleted_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
        FOREACH t IN ARRAY ARRAY['flag_answers', 'flag_callers', 'item_changes', 'items', 'flag_configs', 'segment_configs',
                                 'evaluation_counts', 'relay_status', 'api_keys', 'role_assignments', 'outbox'] LOOP
            EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE org_id = $1 AND env_id = $2 '
                           'LIMIT $3))', t) USING doomed.org_id, doomed.env_id, at_most;
            GET DIAGNOSTICS n = ROW_COUNT;
            IF n > 0 THEN RETURN n; END IF;
        END LOOP;
        -- The newest stays for the trigger keep_deleted.
        DELETE FROM manifests WHERE ctid = ANY (ARRAY(
            SELECT m.ctid FROM manifests m WHERE m.env_id = doomed.env_id
              AND (m.epoch, m.version) < (doomed.epoch, doomed.version) LIMIT at_most));
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n > 0 THEN RETURN n; END IF;
        DELETE FROM environments WHERE env_id = doomed.env_id;
        RETURN 1;
    END IF;

    SELECT p.org_id, p.project_id INTO doomed FROM projects p
    WHERE p.deleted_at < before AND NOT EXISTS (SELECT FROM environments e WHERE e.project_id = p.project_id)
    ORDER BY p.deleted_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
        FOREACH t IN ARRAY ARRAY['flags', 'segments', 'api_keys', 'role_assignments'] LOOP
            EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE org_id = $1 '
                           'AND project_id = $2 LIMIT $3))', t) USING doomed.org_id, doomed.project_id, at_most;
            GET DIAGNOSTICS n = ROW_COUNT;
            IF n > 0 THEN RETURN n; END IF;
        END LOOP;
        DELETE FROM projects WHERE project_id = doomed.project_id;
        RETURN 1;
    END IF;

    SELECT o.org_id INTO doomed FROM orgs o
    WHERE o.deleted_at < before AND NOT EXISTS (SELECT FROM projects p WHERE p.org_id = o.org_id)
    ORDER BY o.deleted_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
        FOREACH t IN ARRAY ARRAY['webhook_attempts', 'webhook_deliveries', 'webhook_events', 'webhooks', 'evaluation_counts',
                                 'event_batches', 'relay_status', 'relay_drops', 'outbox', 'api_keys', 'service_tokens',
                                 'role_assignments', 'memberships', 'invitations', 'roles', 'audit', 'audit_settings',
                                 'deleted_environments'] LOOP
            EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE org_id = $1 LIMIT $2))', t)
                USING doomed.org_id, at_most;
            GET DIAGNOSTICS n = ROW_COUNT;
            IF n > 0 THEN RETURN n; END IF;
        END LOOP;
        DELETE FROM orgs WHERE org_id = doomed.org_id;
        RETURN 1;
    END IF;
    RETURN 0;
END $$;
GRANT UPDATE (deleted_at), DELETE ON orgs, projects, environments TO fanion_lookup;
GRANT SELECT, DELETE ON flags, segments, flag_configs, segment_configs, api_keys, items, item_changes, manifests,
    evaluation_counts, event_batches, relay_status, relay_drops, outbox, webhook_attempts, webhook_deliveries, webhook_events,
    webhooks, service_tokens, role_assignments, memberships, invitations, roles, audit, audit_settings, deleted_environments
    TO fanion_lookup;

DO $$
DECLARE f regprocedure;
BEGIN
    GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the functions; taken back below
    FOR f IN SELECT oid::regprocedure FROM pg_proc
             WHERE pronamespace = 'fanion'::regnamespace AND proowner <> 'fanion_lookup'::regrole LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('ALTER FUNCTION %s OWNER TO fanion_lookup', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO fanion_app', f);
    END LOOP;
    REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
END $$;
