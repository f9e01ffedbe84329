-- incompatible: programs before it cannot open secrets that were sealed after it

-- Everything that is sealed (common/base/sealing.hpp), for `rewrap` and for the count of values under each key. What is sealed
-- with a key of a request (idempotency_keys) is not of these: it opens for that request only, and expires.
-- control-plane/secrets/sealed_kind.cpp has the same kinds.

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['identity_providers', 'prometheus_sources'] LOOP
        EXECUTE format('CREATE POLICY lookup ON %I TO fanion_lookup USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
GRANT SELECT, UPDATE (client_secret) ON identity_providers TO fanion_lookup;
GRANT SELECT, UPDATE (token) ON prometheus_sources TO fanion_lookup;

-- `id` is that of the row within the organisation, or of the person.
CREATE VIEW sealed_secrets AS
    SELECT 'webhook_url' AS kind, org_id, webhook_id AS id, url AS sealed FROM webhooks
    UNION ALL SELECT 'webhook_secret', org_id, webhook_id, secret FROM webhooks
    UNION ALL SELECT 'webhook_previous_secret', org_id, webhook_id, previous_secret FROM webhooks
              WHERE previous_secret IS NOT NULL
    UNION ALL SELECT 'client_secret', org_id, provider_id, client_secret FROM identity_providers
              WHERE client_secret IS NOT NULL
    UNION ALL SELECT 'prometheus_token', org_id, key, token FROM prometheus_sources WHERE token IS NOT NULL
    UNION ALL SELECT 'second_factor', '', user_id, sealed_secret FROM second_factors;
REVOKE ALL ON sealed_secrets FROM PUBLIC;

-- How many of each kind begin with the same version and key.
CREATE FUNCTION count_sealed() RETURNS TABLE (kind text, head bytea, how_many bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.kind, substring(s.sealed FROM 1 FOR 5), count(*) FROM sealed_secrets s GROUP BY 1, 2 ORDER BY 1, 2
$$;

-- Those of a kind that do not begin with `current_head`, in the order of organisation and id, after one of them.
CREATE FUNCTION find_sealed(of_kind text, current_head bytea, after_org text, after_id text, at_most integer)
RETURNS TABLE (org_id text, id text, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = fanion, pg_temp AS $$
    SELECT s.org_id, s.id, s.sealed FROM sealed_secrets s
    WHERE s.kind = of_kind AND substring(s.sealed FROM 1 FOR 5) <> current_head
      AND (s.org_id COLLATE "C", s.id COLLATE "C") > (after_org, after_id)
    ORDER BY s.org_id COLLATE "C", s.id COLLATE "C" LIMIT at_most
$$;

-- Puts another sealed form of the same secret in the place of one. False: the value is not that one any more. Neither versions
-- nor times change, because nothing that is shown does.
CREATE FUNCTION replace_sealed(of_kind text, of_org text, of_id text, old_form bytea, new_form bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    CASE of_kind
        WHEN 'webhook_url' THEN
            UPDATE webhooks SET url = new_form WHERE org_id = of_org AND webhook_id = of_id AND url = old_form;
        WHEN 'webhook_secret' THEN
            UPDATE webhooks SET secret = new_form WHERE org_id = of_org AND webhook_id = of_id AND secret = old_form;
        WHEN 'webhook_previous_secret' THEN
            UPDATE webhooks SET previous_secret = new_form
            WHERE org_id = of_org AND webhook_id = of_id AND previous_secret = old_form;
        WHEN 'client_secret' THEN
            UPDATE identity_providers SET client_secret = new_form
            WHERE org_id = of_org AND provider_id = of_id AND client_secret = old_form;
        WHEN 'prometheus_token' THEN
            UPDATE prometheus_sources SET token = new_form WHERE org_id = of_org AND key = of_id AND token = old_form;
        WHEN 'second_factor' THEN
            UPDATE second_factors SET sealed_secret = new_form WHERE user_id = of_id AND sealed_secret = old_form;
    END CASE;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed > 0;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the view and the functions; taken back below
    ALTER VIEW sealed_secrets OWNER TO fanion_lookup;
    FOR f IN SELECT oid::regprocedure FROM pg_proc
             WHERE pronamespace = 'fanion'::regnamespace AND proowner <> 'fanion_lookup'::regrole LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('ALTER FUNCTION %s OWNER TO fanion_lookup', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO fanion_app', f);
    END LOOP;
    REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
END $$;
