-- The rule that decided is a label of counts; empty where none did, and in what was counted before. The column is added
-- without touching the rows; the index of the new primary key is built while the table is locked.
ALTER TABLE evaluation_counts ADD COLUMN rule text NOT NULL DEFAULT '';
ALTER TABLE evaluation_counts DROP CONSTRAINT evaluation_counts_pkey,
    ADD PRIMARY KEY (org_id, env_id, flag, minute, variation, version, reason, sdk, rule);

-- As in V021, with the rule. The replaced function keeps its owner (fanion_lookup) and its grants.
CREATE OR REPLACE FUNCTION thin_counts(minutes_before timestamptz, hours_before timestamptz, at_most integer) RETURNS bigint
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
        INSERT INTO evaluation_counts AS c (org_id, env_id, flag, variation, version, reason, sdk, minute, n, rule)
        SELECT org_id, env_id, flag, variation, version, reason, sdk,
               date_trunc('hour', minute AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS hour,
               least(sum(n), 9223372036854775807)::bigint, rule
        FROM old GROUP BY org_id, env_id, flag, variation, version, reason, sdk, rule, hour
        ORDER BY org_id, env_id, flag, variation, version, reason, sdk, rule, hour
        ON CONFLICT (org_id, env_id, flag, minute, variation, version, reason, sdk, rule) DO UPDATE
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
        INSERT INTO evaluation_counts AS c (org_id, env_id, flag, variation, version, reason, sdk, minute, n, rule)
        SELECT org_id, env_id, flag, variation, version, reason, sdk,
               date_trunc('day', minute AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day,
               least(sum(n), 9223372036854775807)::bigint, rule
        FROM old GROUP BY org_id, env_id, flag, variation, version, reason, sdk, rule, day
        ORDER BY org_id, env_id, flag, variation, version, reason, sdk, rule, day
        ON CONFLICT (org_id, env_id, flag, minute, variation, version, reason, sdk, rule) DO UPDATE
        SET n = least(c.n::numeric + excluded.n, 9223372036854775807)::bigint)
    SELECT count(*) INTO n FROM old;
    RETURN thinned + n;
END $$;
