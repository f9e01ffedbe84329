-- Environments that are gone, with the last manifest that was signed for each: a relay that was away at the time is told when it
-- comes back, however long that takes. Hence no expiry, and no reference to what is gone.
CREATE TABLE removed_environments (
    env_id        text PRIMARY KEY,
    org_id        text NOT NULL,
    full_manifest text NOT NULL,
    removed_at    timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE removed_environments ENABLE ROW LEVEL SECURITY;
ALTER TABLE removed_environments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON removed_environments USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON removed_environments TO fanion_lookup USING (true) WITH CHECK (true);
GRANT SELECT ON removed_environments TO fanion_app;
GRANT SELECT, INSERT ON removed_environments TO fanion_lookup;

-- Before the row goes: its manifests go with it. One that was never published was never held by anybody.
CREATE FUNCTION keep_removed_environment() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
BEGIN
    INSERT INTO removed_environments (env_id, org_id, full_manifest)
    SELECT env_id, org_id, full_manifest FROM manifests WHERE env_id = OLD.env_id ORDER BY epoch DESC, version DESC LIMIT 1;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_removed BEFORE DELETE ON environments FOR EACH ROW EXECUTE FUNCTION keep_removed_environment();

REVOKE ALL ON FUNCTION keep_removed_environment() FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;
ALTER FUNCTION keep_removed_environment() OWNER TO fanion_lookup;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
