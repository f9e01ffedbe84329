-- Rulesets name the relay keys that grant their environment, also those of its project or organisation, so that relays know the
-- keys of relays below them. Here are the environments whose rulesets may not have these keys as they are now; a background task
-- publishes them. Without a foreign key to environments, which would lock rows that publications hold.
CREATE TABLE relay_key_upkeep (
    env_id text PRIMARY KEY,
    org_id text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    noted  bigint NOT NULL DEFAULT 1  -- how often since the row was made
);

ALTER TABLE relay_key_upkeep ENABLE ROW LEVEL SECURITY;
ALTER TABLE relay_key_upkeep FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON relay_key_upkeep USING (org_id = (SELECT current_setting('fanion.org_id', true)))
    WITH CHECK (org_id = (SELECT current_setting('fanion.org_id', true)));
CREATE POLICY lookup ON relay_key_upkeep TO fanion_lookup USING (true) WITH CHECK (true);
REVOKE ALL ON relay_key_upkeep FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON relay_key_upkeep TO fanion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON relay_key_upkeep TO fanion_lookup;

CREATE FUNCTION note_relay_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
BEGIN
    INSERT INTO relay_key_upkeep (env_id, org_id)
    SELECT e.env_id, e.org_id FROM environments e
    WHERE e.org_id = NEW.org_id AND (NEW.project_id IS NULL OR e.project_id = NEW.project_id)
    ORDER BY e.env_id
    ON CONFLICT (env_id) DO UPDATE SET noted = relay_key_upkeep.noted + 1;
    RETURN NULL;
END $$;

CREATE FUNCTION note_environment_of_relay_keys() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM api_keys k WHERE k.org_id = NEW.org_id AND k.kind = 'relay' AND k.env_id IS NULL
               AND (k.project_id IS NULL OR k.project_id = NEW.project_id)) THEN
        INSERT INTO relay_key_upkeep (env_id, org_id) VALUES (NEW.env_id, NEW.org_id)
        ON CONFLICT (env_id) DO UPDATE SET noted = relay_key_upkeep.noted + 1;
    END IF;
    RETURN NULL;
END $$;

-- Of all tenants, for the background task.
CREATE FUNCTION due_relay_key_upkeep(most integer)
RETURNS TABLE (env_id text, org_id text, project_id text, env_key text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = fanion, pg_temp AS $$
    SELECT u.env_id, u.org_id, coalesce(e.project_id, ''), coalesce(e.key, '')
    FROM relay_key_upkeep u LEFT JOIN environments e ON e.env_id = u.env_id
    ORDER BY u.env_id LIMIT most
$$;

GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the functions; taken back below
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['note_relay_key()', 'note_environment_of_relay_keys()', 'due_relay_key_upkeep(integer)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('ALTER FUNCTION %s OWNER TO fanion_lookup', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO fanion_app', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;

CREATE TRIGGER relay_key_noted AFTER INSERT OR UPDATE OF not_before, not_after, revoked_at ON api_keys
    FOR EACH ROW WHEN (NEW.kind = 'relay' AND NEW.env_id IS NULL) EXECUTE FUNCTION note_relay_key();
CREATE TRIGGER relay_keys_noted AFTER INSERT OR UPDATE OF deleted_at ON environments
    FOR EACH ROW WHEN (NEW.deleted_at IS NULL) EXECUTE FUNCTION note_environment_of_relay_keys();

-- What is published already.
INSERT INTO relay_key_upkeep (env_id, org_id)
SELECT DISTINCT e.env_id, e.org_id FROM environments e
JOIN api_keys k ON k.org_id = e.org_id AND k.kind = 'relay' AND k.env_id IS NULL AND k.revoked_at IS NULL
               AND (k.project_id IS NULL OR k.project_id = e.project_id);
