-- The audit log is searched by who, what, where and when; its retention is a setting of the organisation and leaves an entry in
-- the place of what it deletes.

ALTER TABLE audit
    ADD COLUMN project text NOT NULL DEFAULT '',
    ADD COLUMN environment text NOT NULL DEFAULT '',
    ADD COLUMN group_id text NOT NULL DEFAULT '';  -- of the first entry of the same change
ALTER TABLE audit NO FORCE ROW LEVEL SECURITY;  -- for the owner of the table, who migrates
UPDATE audit SET group_id = id,
    project = CASE WHEN starts_with(resource, 'projects/') THEN split_part(resource, '/', 2) ELSE '' END,
    environment = CASE WHEN NOT starts_with(resource, 'projects/') THEN ''
                       WHEN split_part(resource, '/', 3) = 'environments' THEN split_part(resource, '/', 4)
                       WHEN split_part(resource, '/', 5) = 'environments' THEN split_part(resource, '/', 6)
                       ELSE '' END;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;

CREATE INDEX audit_at ON audit (org_id, at, seq);
CREATE INDEX audit_actor ON audit (org_id, actor_id, seq);
CREATE INDEX audit_action ON audit (org_id, action, seq);
CREATE INDEX audit_project ON audit (org_id, project, seq) WHERE project <> '';
CREATE INDEX audit_place ON audit (org_id, project, environment, seq) WHERE environment <> '';
CREATE INDEX audit_environment ON audit (org_id, environment, seq) WHERE environment <> '';
CREATE INDEX audit_group ON audit (org_id, group_id, seq);

-- The extension belongs to PostgreSQL's own and is trusted since version 13. Where it is missing, or may not be created, a search
-- by text reads the entries one by one.
DO $$
DECLARE place text;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR invalid_schema_name THEN
        RAISE NOTICE 'pg_trgm cannot be created: searching the audit log by text will be slow';
    END;
    SELECT n.nspname INTO place FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
    IF place IS NOT NULL THEN
        EXECUTE format('CREATE INDEX audit_text ON audit USING gin ((resource || '' '' || comment || '' '' || action) %I.gin_trgm_ops)',
                       place);
    END IF;
END $$;

-- What an organisation has set for its audit log.
CREATE TABLE audit_settings (
    org_id         text PRIMARY KEY REFERENCES orgs ON DELETE CASCADE,
    retention_days integer CHECK (retention_days > 0),  -- null: as the installation says
    version        bigint NOT NULL DEFAULT 1,
    updated_at     timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE audit_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_settings USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON audit_settings TO fanion_lookup USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON audit_settings TO fanion_app;
GRANT SELECT ON audit_settings TO fanion_lookup;

-- The numbers and sizes of the entries that satisfy every condition that is not null, of the organisation in whose scope the
-- transaction is. Row-level security lets an index serve only operators that are leakproof, which LIKE is not: hence a function
-- of fanion_lookup. The statement is planned for the conditions at hand.
--
-- Entries are in the order of `seq`, times nearly are: the clocks of the replicas are taken to agree within an hour.
CREATE FUNCTION find_audit(of_resource text, of_actor text, of_action text, of_project text, of_environment text, of_group text,
                           with_text text, from_time timestamptz, to_time timestamptz, after_seq bigint, before_seq bigint,
                           is_oldest_first boolean, at_most integer)
RETURNS TABLE (seq bigint, bytes bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
#variable_conflict use_column
DECLARE
    o text := current_setting('fanion.org_id', true);
    low bigint := coalesce(after_seq, 0);
    high bigint := coalesce(before_seq, 9223372036854775807);
    pattern text := '%' || replace(replace(replace(with_text, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    q text := '';
    tail text;
    near_low bigint;
    near_high bigint;
    n integer := 0;
BEGIN
    IF from_time IS NOT NULL THEN
        low := greatest(low, coalesce((SELECT a.seq FROM audit a WHERE a.org_id = o AND a.at < from_time - interval '1 hour'
                                       ORDER BY a.at DESC, a.seq DESC LIMIT 1), 0));
        q := q || ' AND a.at >= $4';
    END IF;
    IF to_time IS NOT NULL THEN
        high := least(high, coalesce((SELECT a.seq FROM audit a WHERE a.org_id = o AND a.at > to_time + interval '1 hour'
                                      ORDER BY a.at, a.seq LIMIT 1), 9223372036854775807));
        q := q || ' AND a.at < $5';
    END IF;
    -- '0' follows '/'. Names that only begin alike are in that range too, as "flags/a-b" beside "flags/a", and are left out.
    IF of_resource IS NOT NULL THEN
        q := q || ' AND a.resource COLLATE "C" >= $6 AND a.resource COLLATE "C" < $6 || ''0'''
               || ' AND (a.resource = $6 OR starts_with(a.resource, $6 || ''/''))';
    END IF;
    IF of_actor IS NOT NULL THEN q := q || ' AND a.actor_id = $7'; END IF;
    IF of_action IS NOT NULL THEN q := q || ' AND a.action = $8'; END IF;
    IF of_project IS NOT NULL THEN q := q || ' AND a.project = $9 AND a.project <> '''''; END IF;
    IF of_environment IS NOT NULL THEN q := q || ' AND a.environment = $10 AND a.environment <> '''''; END IF;
    IF of_group IS NOT NULL THEN q := q || ' AND a.group_id = $11'; END IF;
    IF with_text IS NOT NULL THEN
        q := q || ' AND (a.resource || '' '' || a.comment || '' '' || a.action) ILIKE $12';
    END IF;
    tail := CASE WHEN is_oldest_first THEN ' ORDER BY a.seq LIMIT $13' ELSE ' ORDER BY a.seq DESC LIMIT $13' END;
    -- The planner takes every text for a rare one. A common one is found among the next entries, which are read in order first.
    IF with_text IS NOT NULL THEN
        near_low := low;
        near_high := least(high, coalesce((SELECT a.seq FROM audit a WHERE a.org_id = o ORDER BY a.seq DESC LIMIT 1), 0) + 1);
        IF is_oldest_first THEN
            near_low := greatest(low, coalesce((SELECT a.seq FROM audit a WHERE a.org_id = o ORDER BY a.seq LIMIT 1), 1) - 1);
            near_high := least(near_high, near_low + 20001);
        ELSE
            near_low := greatest(near_low, near_high - 20001);
        END IF;
        RETURN QUERY EXECUTE
            'WITH near AS MATERIALIZED (SELECT a.seq, octet_length(a.canonical)::bigint AS bytes, a.at, a.resource, a.comment,'
            ' a.action, a.actor_id, a.project, a.environment, a.group_id FROM audit a'
            ' WHERE a.org_id = $1 AND a.seq > $2 AND a.seq < $3) SELECT a.seq, a.bytes FROM near a WHERE true' || q || tail
            USING o, near_low, near_high, from_time, to_time, of_resource, of_actor, of_action, of_project, of_environment,
                  of_group, pattern, at_most;
        GET DIAGNOSTICS n = ROW_COUNT;
        IF is_oldest_first THEN low := near_high - 1; ELSE high := near_low + 1; END IF;
        IF n >= at_most OR low >= high - 1 THEN RETURN; END IF;
    END IF;
    RETURN QUERY EXECUTE 'SELECT a.seq, octet_length(a.canonical)::bigint FROM audit a'
                         ' WHERE a.org_id = $1 AND a.seq > $2 AND a.seq < $3' || q || tail
        USING o, low, high, from_time, to_time, of_resource, of_actor, of_action, of_project, of_environment, of_group, pattern,
              at_most - n;
END $$;

-- The organisations with entries that their retention no longer keeps, and their number of days. `default_days`: of those that
-- have not set it; 0: for ever. A day of grace, so that each organisation's log is cut once a day; a log of nothing but cuts is
-- left alone.
CREATE FUNCTION orgs_with_old_audit(default_days integer) RETURNS TABLE (org_id text, days integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, d.days
    FROM orgs o LEFT JOIN audit_settings s USING (org_id)
    CROSS JOIN LATERAL (SELECT coalesce(s.retention_days, default_days) AS days) d
    WHERE d.days > 0
      AND EXISTS (SELECT FROM audit a WHERE a.org_id = o.org_id AND a.action <> 'audit.purged'
                  AND a.at < now() - make_interval(days => d.days + 1))
    ORDER BY o.org_id
$$;

-- Deletes the entries up to `through` of the organisation in whose scope the transaction is. Only for a transaction that has
-- appended the entry which names the last of them with its hash: the log cannot be shortened without that.
CREATE FUNCTION delete_audit_through(through bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
DECLARE
    o text := current_setting('fanion.org_id', true);
    n bigint;
BEGIN
    IF NOT EXISTS (
        SELECT FROM (SELECT a.* , a.xmin AS written_by FROM audit a WHERE a.org_id = o ORDER BY a.seq DESC LIMIT 1) newest
        JOIN audit last ON last.org_id = o AND last.seq = through
        WHERE newest.action = 'audit.purged' AND newest.seq > through
          AND newest.written_by = pg_current_xact_id()::xid
          AND strpos(newest.canonical, '"through":' || through || ',"hash":"' || encode(last.hash, 'hex') || '"') > 0) THEN
        RAISE EXCEPTION 'entries of an audit log are deleted only with an entry that names the last of them'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM audit a WHERE a.org_id = o AND a.seq <= through;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- Counts only: audit entries are deleted by the functions above.
DROP FUNCTION purge_history(integer, integer, integer);
CREATE FUNCTION purge_counts(counts_days integer, at_most integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
DECLARE n bigint := 0;
BEGIN
    IF counts_days > 0 THEN
        DELETE FROM evaluation_counts WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM evaluation_counts WHERE minute < now() - make_interval(days => counts_days) LIMIT at_most));
        GET DIAGNOSTICS n = ROW_COUNT;
    END IF;
    RETURN n;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the functions; taken back below
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p
             WHERE pronamespace = 'fanion'::regnamespace
               AND proname IN ('find_audit', 'orgs_with_old_audit', 'delete_audit_through', 'purge_counts') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('ALTER FUNCTION %s OWNER TO fanion_lookup', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO fanion_app', f);
    END LOOP;
    REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
END $$;
