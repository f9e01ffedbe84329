-- Exposures and metric events. What each of them is of has a number, so that their rows are short; what stands there of units are
-- digests. Like the tables of V021__lifecycle.sql without a foreign key to environments; keep_partitions() forgets what purged
-- environments left, and what no row is of any more: `used` is the day of an event of it, at most a week before the last.
CREATE TABLE exposure_kinds (
    no        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id    text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    env_id    text NOT NULL,
    flag      text NOT NULL,
    variation text NOT NULL,
    version   bigint NOT NULL,
    exp       text NOT NULL,  -- experiment, run and phase; empty: none
    by        text NOT NULL,  -- the attribute whose value is the unit
    used      date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,
    UNIQUE (org_id, env_id, flag, variation, version, exp, by)
);
CREATE TABLE metric_kinds (
    no     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    env_id text NOT NULL,
    key    text NOT NULL,
    by     text NOT NULL,
    used   date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,
    UNIQUE (org_id, env_id, key, by)
);

-- One partition for each day (UTC), in a schema of their own, and one for all other days. Rows of purged organisations stay
-- until their day is dropped: nobody may read them, and the names of what they are of are gone.
CREATE TABLE exposures (
    org_id      text NOT NULL,
    kind        integer NOT NULL,
    unit        uuid NOT NULL,
    at          timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    attrs       jsonb
) PARTITION BY RANGE (at);
CREATE INDEX ON exposures (kind, unit, at);
CREATE TABLE metric_events (
    org_id text NOT NULL,
    kind   integer NOT NULL,
    unit   uuid NOT NULL,
    at     timestamptz NOT NULL,
    value  double precision NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX ON metric_events (unit, at) INCLUDE (kind, value);

-- What relays have delivered: kind is counts (then n is in evaluations), exposures or metrics.
CREATE TABLE relay_deliveries (
    org_id   text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    relay_id text NOT NULL,
    kind     text NOT NULL,
    n        bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, relay_id, kind)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['exposure_kinds', 'metric_kinds', 'exposures', 'metric_events', 'relay_deliveries'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = (SELECT current_setting(''fanion.org_id'', true))) '
                       'WITH CHECK (org_id = (SELECT current_setting(''fanion.org_id'', true)))', t);
        EXECUTE format('CREATE POLICY lookup ON %I TO fanion_lookup USING (true) WITH CHECK (true)', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
    END LOOP;
END $$;

CREATE SCHEMA fanion_days AUTHORIZATION fanion_lookup;

-- Makes the partitions of the coming week, and drops those of more than so many days ago. A day that has begun without its
-- partition takes its rows over from the default one. Returns how many partitions it made and dropped.
CREATE FUNCTION keep_partitions(days integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp SET lock_timeout = '2s' SET TimeZone = 'UTC' AS $$
DECLARE
    parent text;
    day date;
    part text;
    today date := now()::date;
    changed integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('fanion.keep_partitions')) THEN RETURN 0; END IF;
    DELETE FROM exposure_kinds k WHERE used < today - days - 14
        OR NOT EXISTS (SELECT FROM environments e WHERE e.env_id = k.env_id);
    DELETE FROM metric_kinds k WHERE used < today - days - 14
        OR NOT EXISTS (SELECT FROM environments e WHERE e.env_id = k.env_id);
    FOREACH parent IN ARRAY ARRAY['exposures', 'metric_events'] LOOP
        FOR day IN SELECT generate_series(today - 7, today + 7, interval '1 day')::date LOOP
            part := parent || to_char(day, '_YYYYMMDD');
            CONTINUE WHEN to_regclass('fanion_days.' || part) IS NOT NULL;
            -- Nothing may come between moving the rows and the partition that is theirs from then on.
            EXECUTE format('LOCK TABLE fanion_days.%I', parent || '_other');
            EXECUTE format('CREATE TABLE fanion_days.%I (LIKE fanion.%I)', part, parent);
            EXECUTE format('WITH moved AS (DELETE FROM fanion_days.%I WHERE at >= %L AND at < %L RETURNING *) '
                           'INSERT INTO fanion_days.%I SELECT * FROM moved', parent || '_other', day, day + 1, part);
            EXECUTE format('ALTER TABLE fanion.%I ATTACH PARTITION fanion_days.%I FOR VALUES FROM (%L) TO (%L)',
                           parent, part, day, day + 1);
            changed := changed + 1;
        END LOOP;
        EXECUTE format('DELETE FROM fanion_days.%I WHERE at < %L', parent || '_other', today - days);
        FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                    WHERE i.inhparent = ('fanion.' || parent)::regclass AND c.relname ~ '_[0-9]{8}$'
                      AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - days ORDER BY 1 LOOP
            BEGIN
                EXECUTE format('DROP TABLE fanion_days.%I', part);
                changed := changed + 1;
            EXCEPTION WHEN lock_not_available THEN
                EXIT;  -- the next time
            END;
        END LOOP;
    END LOOP;
    RETURN changed;
END $$;

GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over tables and function; taken back below
GRANT SELECT, DELETE ON exposure_kinds, metric_kinds, relay_deliveries TO fanion_lookup;
ALTER TABLE exposures OWNER TO fanion_lookup;
ALTER TABLE metric_events OWNER TO fanion_lookup;
REVOKE ALL ON FUNCTION keep_partitions(integer) FROM PUBLIC;
ALTER FUNCTION keep_partitions(integer) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION keep_partitions(integer) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;

SET LOCAL ROLE fanion_lookup;
CREATE TABLE fanion_days.exposures_other PARTITION OF exposures DEFAULT;
CREATE TABLE fanion_days.metric_events_other PARTITION OF metric_events DEFAULT;
SELECT keep_partitions(45);
GRANT SELECT, INSERT ON exposures, metric_events TO fanion_app;
RESET ROLE;
GRANT SELECT, INSERT, UPDATE (used) ON exposure_kinds, metric_kinds TO fanion_app;
GRANT SELECT, INSERT, UPDATE ON relay_deliveries TO fanion_app;
