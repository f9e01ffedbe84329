-- How long an organisation keeps exposures and metric events, where that is shorter than the installation keeps them: a day's
-- partition is dropped for all organisations together, and until then an organisation's rows are deleted from it.
CREATE TABLE event_settings (
    org_id         text PRIMARY KEY REFERENCES orgs ON DELETE CASCADE,
    retention_days integer CHECK (retention_days > 0),  -- null: as the installation says
    version        bigint NOT NULL DEFAULT 1,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    kept_from      date  -- the organisation has no events of days (UTC) before it; null: that is not known
);
ALTER TABLE event_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_settings USING (org_id = (SELECT current_setting('fanion.org_id', true)))
    WITH CHECK (org_id = (SELECT current_setting('fanion.org_id', true)));
CREATE POLICY lookup ON event_settings TO fanion_lookup USING (true) WITH CHECK (true);
REVOKE ALL ON event_settings FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON event_settings TO fanion_app;
GRANT SELECT ON event_settings TO fanion_lookup;

SET LOCAL ROLE fanion_lookup;
GRANT DELETE ON exposures, metric_events TO fanion_app;
RESET ROLE;

-- The organisations that have events of days on which they are not to keep any more: of the days from `first` until before `past`.
-- `days`: how long the installation keeps them.
CREATE FUNCTION orgs_with_old_events(days integer) RETURNS TABLE (org_id text, first timestamptz, past timestamptz)
LANGUAGE sql STABLE ROWS 10 SECURITY DEFINER SET search_path = fanion, pg_temp SET TimeZone = 'UTC' AS $$
    WITH oldest AS (
        SELECT min(to_date(right(c.relname, 8), 'YYYYMMDD')) AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('exposures'::regclass, 'metric_events'::regclass) AND c.relname ~ '_[0-9]{8}$'
    )
    SELECT s.org_id, greatest(s.kept_from, o.day)::timestamptz, (now()::date - s.retention_days)::timestamptz
    FROM event_settings s, oldest o
    WHERE s.retention_days < days AND greatest(s.kept_from, o.day) < now()::date - s.retention_days ORDER BY 1
$$;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the function; taken back below
REVOKE ALL ON FUNCTION orgs_with_old_events(integer) FROM PUBLIC;
ALTER FUNCTION orgs_with_old_events(integer) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION orgs_with_old_events(integer) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
