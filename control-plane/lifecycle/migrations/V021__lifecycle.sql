-- The life of flags: what a flag is for, when and by whom it was last evaluated, and counts that are thinned by age.

-- How long a flag is meant to stay. Null: nobody has said.
ALTER TABLE flags ADD COLUMN lifetime text CHECK (lifetime IN ('release', 'experiment', 'operational', 'permission'));

-- Of the contexts that reach the fallthrough, how many percent get another variation than `off`. Null: not written since this
-- column exists; the reader computes it from `config`.
ALTER TABLE flag_configs ADD COLUMN share double precision;

-- When each variation of a flag was first and last given in an environment. An empty variation: the caller's own default. Written
-- from the counts, at most once a minute for each row. Neither table refers to others: a foreign key would lock the environment's
-- row, which every publication holds, and relays do not wait for those.
CREATE TABLE flag_answers (
    org_id    text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    env_id    text NOT NULL,
    flag      text COLLATE "C" NOT NULL,         -- in the order of bytes, as lists are
    variation text NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    PRIMARY KEY (env_id, flag, variation)
);

-- Through which relays and SDKs a flag was last evaluated.
CREATE TABLE flag_callers (
    org_id   text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    env_id   text NOT NULL,
    flag     text COLLATE "C" NOT NULL,
    relay_id text NOT NULL,
    sdk      text NOT NULL,
    last_at  timestamptz NOT NULL,
    PRIMARY KEY (env_id, flag, relay_id, sdk)
);
CREATE INDEX flag_callers_age ON flag_callers (last_at);

-- What a project has set for the report on its flags.
CREATE TABLE lifecycle_settings (
    project_id    text PRIMARY KEY,
    org_id        text NOT NULL,
    constant_days integer NOT NULL CHECK (constant_days > 0),
    unused_days   integer NOT NULL CHECK (unused_days > 0),
    release_days     integer CHECK (release_days > 0),       -- null, here and below: such flags stay
    experiment_days  integer CHECK (experiment_days > 0),
    operational_days integer CHECK (operational_days > 0),
    permission_days  integer CHECK (permission_days > 0),
    version       bigint NOT NULL DEFAULT 1,
    updated_at    timestamptz NOT NULL,
    FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, project_id) ON DELETE CASCADE
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['flag_answers', 'flag_callers', 'lifecycle_settings'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = current_setting(''fanion.org_id'', true)) '
                       'WITH CHECK (org_id = current_setting(''fanion.org_id'', true))', t);
        EXECUTE format('CREATE POLICY lookup ON %I TO fanion_lookup USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
REVOKE ALL ON flag_answers, flag_callers, lifecycle_settings FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON flag_answers, flag_callers, lifecycle_settings TO fanion_app;
GRANT SELECT, DELETE ON flag_answers, flag_callers TO fanion_lookup;
GRANT SELECT ON lifecycle_settings TO fanion_lookup;

-- What was counted so far.
ALTER TABLE evaluation_counts NO FORCE ROW LEVEL SECURITY;  -- for the owner, who is not a superuser everywhere
ALTER TABLE environments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE flags NO FORCE ROW LEVEL SECURITY;
ALTER TABLE flag_answers NO FORCE ROW LEVEL SECURITY;
INSERT INTO flag_answers (org_id, env_id, flag, variation, first_at, last_at)
    SELECT c.org_id, c.env_id, c.flag, c.variation, min(c.minute), max(c.minute)
    FROM evaluation_counts c JOIN environments e USING (env_id) JOIN flags f ON f.project_id = e.project_id AND f.key = c.flag
    WHERE f.deleted_at IS NULL GROUP BY c.org_id, c.env_id, c.flag, c.variation;
ALTER TABLE evaluation_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE environments FORCE ROW LEVEL SECURITY;
ALTER TABLE flags FORCE ROW LEVEL SECURITY;
ALTER TABLE flag_answers FORCE ROW LEVEL SECURITY;

-- Counts of minutes become counts of hours, and those counts of days: the rows of a step are added to the one that is named by
-- its beginning. Each index holds what the next step has still to look at, and a row is in one of them at most.
CREATE INDEX evaluation_counts_by_minute ON evaluation_counts (minute)
    WHERE date_trunc('hour', minute AT TIME ZONE 'UTC') <> minute AT TIME ZONE 'UTC';
CREATE INDEX evaluation_counts_by_hour ON evaluation_counts (minute)
    WHERE date_trunc('hour', minute AT TIME ZONE 'UTC') = minute AT TIME ZONE 'UTC'
      AND date_trunc('day', minute AT TIME ZONE 'UTC') <> minute AT TIME ZONE 'UTC';
GRANT INSERT, UPDATE ON evaluation_counts TO fanion_lookup;

-- Thins counts of minutes that began before `minutes_before`, and of hours that began before `hours_before`; about `at_most` rows
-- of each in one call, which is to be repeated until it returns 0. One replica at a time. The limits are whole hours and days.
CREATE FUNCTION thin_counts(minutes_before timestamptz, hours_before timestamptz, at_most integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
#variable_conflict use_column
DECLARE
    thinned bigint := 0;
    n bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('fanion.thin_counts')) THEN RETURN 0; END IF;
    WITH old AS (
        DELETE FROM evaluation_counts WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM evaluation_counts
            WHERE minute < minutes_before AND date_trunc('hour', minute AT TIME ZONE 'UTC') <> minute AT TIME ZONE 'UTC'
            ORDER BY minute LIMIT at_most))
        RETURNING *),
    added AS (
        INSERT INTO evaluation_counts AS c (org_id, env_id, flag, variation, version, reason, sdk, minute, n)
        SELECT org_id, env_id, flag, variation, version, reason, sdk,
               date_trunc('hour', minute AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS hour,
               least(sum(n), 9223372036854775807)::bigint
        FROM old GROUP BY org_id, env_id, flag, variation, version, reason, sdk, hour
        ORDER BY org_id, env_id, flag, variation, version, reason, sdk, hour
        ON CONFLICT (org_id, env_id, flag, minute, variation, version, reason, sdk) DO UPDATE
        SET n = least(c.n::numeric + excluded.n, 9223372036854775807)::bigint)
    SELECT count(*) INTO n FROM old;
    thinned := thinned + n;
    WITH old AS (
        DELETE FROM evaluation_counts WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM evaluation_counts
            WHERE minute < hours_before AND date_trunc('hour', minute AT TIME ZONE 'UTC') = minute AT TIME ZONE 'UTC'
              AND date_trunc('day', minute AT TIME ZONE 'UTC') <> minute AT TIME ZONE 'UTC'
            ORDER BY minute LIMIT at_most))
        RETURNING *),
    added AS (
        INSERT INTO evaluation_counts AS c (org_id, env_id, flag, variation, version, reason, sdk, minute, n)
        SELECT org_id, env_id, flag, variation, version, reason, sdk,
               date_trunc('day', minute AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day,
               least(sum(n), 9223372036854775807)::bigint
        FROM old GROUP BY org_id, env_id, flag, variation, version, reason, sdk, day
        ORDER BY org_id, env_id, flag, variation, version, reason, sdk, day
        ON CONFLICT (org_id, env_id, flag, minute, variation, version, reason, sdk) DO UPDATE
        SET n = least(c.n::numeric + excluded.n, 9223372036854775807)::bigint)
    SELECT count(*) INTO n FROM old;
    RETURN thinned + n;
END $$;

-- Forgets callers that have not asked for so many days, and what is known of flags and environments that are gone.
CREATE FUNCTION purge_evaluations(days integer) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM flag_callers WHERE last_at < now() - make_interval(days => days);
    DELETE FROM flag_callers c WHERE NOT EXISTS (
        SELECT FROM environments e JOIN flags f USING (project_id)
        WHERE e.env_id = c.env_id AND f.key COLLATE "C" = c.flag AND f.deleted_at IS NULL);
    DELETE FROM flag_answers a WHERE NOT EXISTS (
        SELECT FROM environments e JOIN flags f USING (project_id)
        WHERE e.env_id = a.env_id AND f.key COLLATE "C" = a.flag AND f.deleted_at IS NULL);
$$;

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
