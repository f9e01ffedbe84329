-- What an organisation keeps for fewer days than the installation is found by an index, and among the rows of days without a
-- partition of their own too. Equal values share the entries of an index, so that this one is small.
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- who owns the tables and the function; taken back below
SET LOCAL ROLE fanion_lookup;
CREATE INDEX ON fanion.exposures (org_id);
CREATE INDEX ON fanion.metric_events (org_id);

-- The organisations that have events of days on which they are not to keep any more: of the days from `first` until before `past`.
-- `days`: how long the installation keeps them.
CREATE OR REPLACE FUNCTION fanion.orgs_with_old_events(days integer)
RETURNS TABLE (org_id text, first timestamptz, past timestamptz)
LANGUAGE sql STABLE ROWS 10 SECURITY DEFINER SET search_path = fanion, pg_temp SET TimeZone = 'UTC' AS $$
    WITH oldest AS (
        SELECT min(to_date(right(c.relname, 8), 'YYYYMMDD')) AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('exposures'::regclass, 'metric_events'::regclass) AND c.relname ~ '_[0-9]{8}$'
    ), beginning AS (
        SELECT s.org_id, s.retention_days, least(greatest(s.kept_from, o.day),
            (SELECT min(e.at)::date FROM fanion_days.exposures_other e WHERE e.org_id = s.org_id),
            (SELECT min(m.at)::date FROM fanion_days.metric_events_other m WHERE m.org_id = s.org_id)) AS day
        FROM event_settings s, oldest o WHERE s.retention_days < days
    )
    SELECT b.org_id, b.day::timestamptz, (now()::date - b.retention_days)::timestamptz
    FROM beginning b WHERE b.day < now()::date - b.retention_days ORDER BY 1
$$;
RESET ROLE;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
