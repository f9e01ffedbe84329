-- An environment whose ruleset cannot be published is tried again later and later, and keeps none of the others waiting.
ALTER TABLE relay_key_upkeep
    ADD COLUMN due_at   timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN failures integer NOT NULL DEFAULT 0;  -- since the row was made

-- The replaced functions keep their owner (fanion_lookup) and their grants.

-- The key of an organisation and an environment that are made at the same time do not see each other: whoever comes second
-- waits for the first. Environments do not wait for each other.
CREATE OR REPLACE FUNCTION note_relay_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('relay_keys/' || NEW.org_id, 0));
    INSERT INTO relay_key_upkeep (env_id, org_id)
    SELECT e.env_id, e.org_id FROM environments e
    WHERE e.org_id = NEW.org_id AND (NEW.project_id IS NULL OR e.project_id = NEW.project_id)
    ORDER BY e.env_id
    ON CONFLICT (env_id) DO UPDATE SET noted = relay_key_upkeep.noted + 1, due_at = now();
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_environment_of_relay_keys() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('relay_keys/' || NEW.org_id, 0));
    IF EXISTS (SELECT FROM api_keys k WHERE k.org_id = NEW.org_id AND k.kind = 'relay' AND k.env_id IS NULL
               AND (k.project_id IS NULL OR k.project_id = NEW.project_id)) THEN
        INSERT INTO relay_key_upkeep (env_id, org_id) VALUES (NEW.env_id, NEW.org_id)
        ON CONFLICT (env_id) DO UPDATE SET noted = relay_key_upkeep.noted + 1, due_at = now();
    END IF;
    RETURN NULL;
END $$;

-- Of all tenants, for the background task.
CREATE OR REPLACE FUNCTION due_relay_key_upkeep(most integer)
RETURNS TABLE (env_id text, org_id text, project_id text, env_key text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = fanion, pg_temp AS $$
    SELECT u.env_id, u.org_id, coalesce(e.project_id, ''), coalesce(e.key, '')
    FROM relay_key_upkeep u LEFT JOIN environments e ON e.env_id = u.env_id
    WHERE u.due_at <= now() ORDER BY u.due_at, u.env_id LIMIT most
$$;

-- What was given up before: a key may have been revoked that their rulesets still name.
INSERT INTO relay_key_upkeep (env_id, org_id)
SELECT DISTINCT e.env_id, e.org_id FROM environments e
JOIN api_keys k ON k.org_id = e.org_id AND k.kind = 'relay' AND k.env_id IS NULL
               AND (k.project_id IS NULL OR k.project_id = e.project_id)
ON CONFLICT DO NOTHING;
