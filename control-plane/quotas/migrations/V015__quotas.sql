-- What an organisation may have, where it is not what the installation's options say. Written by the installation's operator
-- only: no route of the admin API changes it.
CREATE TABLE org_quotas (
    org_id    text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    quota     text NOT NULL,  -- flags, segments, environments, members, keys, requests_per_second, events_per_day
    max_count bigint CHECK (max_count >= 0),  -- null: no limit
    PRIMARY KEY (org_id, quota)
);

-- Events that relays have reported, by the day (UTC) on which they came.
CREATE TABLE event_days (
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    day         date NOT NULL,
    events      bigint NOT NULL,
    exceeded_at timestamptz,  -- when the audit log was told that there are more than the organisation may have
    PRIMARY KEY (org_id, day)
);

-- What counts against a quota is counted.
CREATE INDEX flags_org ON flags (org_id) WHERE deleted_at IS NULL;
CREATE INDEX segments_org ON segments (org_id) WHERE deleted_at IS NULL;

ALTER TABLE org_quotas ENABLE ROW LEVEL SECURITY;
ALTER TABLE org_quotas FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON org_quotas USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON org_quotas TO fanion_lookup USING (true) WITH CHECK (true);
ALTER TABLE event_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_days FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_days USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON event_days TO fanion_lookup USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON org_quotas TO fanion_app;
GRANT SELECT, INSERT, UPDATE ON event_days TO fanion_app;
GRANT SELECT ON org_quotas TO fanion_lookup;
GRANT SELECT, DELETE ON event_days TO fanion_lookup;

-- The organisations whose requests a second are not what the installation's options say.
CREATE FUNCTION own_request_rates() RETURNS TABLE (org_id text, max_count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT q.org_id, q.max_count FROM org_quotas q WHERE q.quota = 'requests_per_second'
$$;

CREATE FUNCTION purge_event_days() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM event_days WHERE day < (now() AT TIME ZONE 'UTC')::date - 31
$$;

DO $$
DECLARE f regprocedure;
BEGIN
    GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the functions; taken back below
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p
             WHERE pronamespace = 'fanion'::regnamespace AND proname IN ('own_request_rates', 'purge_event_days') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('ALTER FUNCTION %s OWNER TO fanion_lookup', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO fanion_app', f);
    END LOOP;
    REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
END $$;
