-- A second factor of a person: the secret of time-based codes (RFC 6238), and recovery codes, of which only the hashes are
-- stored. Like all that people sign in with, fanion_app does not read it but through functions for one person.
CREATE TABLE second_factors (
    user_id       text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    sealed_secret bytea NOT NULL,              -- common/base/sealing.hpp, context second_factor/<user_id>
    created_at    timestamptz NOT NULL,
    confirmed_at  timestamptz,                 -- null: not in force, as no code has been shown yet
    last_step     bigint NOT NULL DEFAULT 0    -- of the last code that was used; no earlier one is taken again
);
CREATE TABLE recovery_codes (
    user_id     text NOT NULL REFERENCES second_factors ON DELETE CASCADE,
    code_sha256 bytea NOT NULL CHECK (length(code_sha256) = 32),
    PRIMARY KEY (user_id, code_sha256)         -- a used one is deleted
);

-- Whether an organisation requires a second factor of its members. No row: it does not.
CREATE TABLE sign_in_settings (
    org_id        text PRIMARY KEY REFERENCES orgs ON DELETE CASCADE,
    second_factor text NOT NULL CHECK (second_factor IN ('optional', 'required')),
    version       bigint NOT NULL,
    updated_at    timestamptz NOT NULL
);
ALTER TABLE sign_in_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sign_in_settings USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON sign_in_settings TO fanion_lookup USING (true) WITH CHECK (true);

REVOKE ALL ON second_factors, recovery_codes, sign_in_settings FROM PUBLIC;
-- fanion_app has nothing on the first two.
GRANT SELECT, INSERT, UPDATE ON sign_in_settings TO fanion_app;
GRANT SELECT ON sign_in_settings TO fanion_lookup;
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors, recovery_codes TO fanion_lookup;

CREATE FUNCTION second_factor_of(of_user text)
RETURNS TABLE (sealed_secret bytea, confirmed_at timestamptz, last_step bigint, recovery_codes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT f.sealed_secret, f.confirmed_at, f.last_step,
           (SELECT count(*) FROM recovery_codes c WHERE c.user_id = of_user)
    FROM second_factors f WHERE f.user_id = of_user
$$;

-- A factor that is in force is not replaced.
CREATE FUNCTION put_second_factor(of_user text, new_sealed_secret bytea, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    INSERT INTO second_factors AS f (user_id, sealed_secret, created_at) VALUES (of_user, new_sealed_secret, at_time)
    ON CONFLICT (user_id) DO UPDATE SET sealed_secret = new_sealed_secret, created_at = at_time
    WHERE f.confirmed_at IS NULL
$$;

CREATE FUNCTION confirm_second_factor(of_user text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE second_factors SET confirmed_at = at_time WHERE user_id = of_user
$$;

-- False when the step or a later one has been used.
CREATE FUNCTION use_code_step(of_user text, new_step bigint) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    WITH used AS (UPDATE second_factors SET last_step = new_step WHERE user_id = of_user AND last_step < new_step RETURNING 1)
    SELECT EXISTS (SELECT FROM used)
$$;

-- False when the person has no such code.
CREATE FUNCTION use_recovery_code(of_user text, of_sha256 bytea) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    WITH used AS (DELETE FROM recovery_codes WHERE user_id = of_user AND code_sha256 = of_sha256 RETURNING 1)
    SELECT EXISTS (SELECT FROM used)
$$;

-- The hashes are in hexadecimal digits.
CREATE FUNCTION put_recovery_codes(of_user text, new_hashes text[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM recovery_codes WHERE user_id = of_user;
    INSERT INTO recovery_codes (user_id, code_sha256) SELECT of_user, decode(h, 'hex') FROM unnest(new_hashes) AS h
$$;

CREATE FUNCTION delete_second_factor(of_user text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM second_factors WHERE user_id = of_user
$$;

DROP FUNCTION access_of_user(text, text);

-- As before, and whether the organisation requires a second factor that the person does not have.
CREATE FUNCTION access_of_user(of_user text, of_org text)
RETURNS TABLE (org_id text, key text, name text, project_key text, env_key text, role text, permissions text[],
               lacks_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, o.key, o.name, g.project_key, g.env_key, g.role, r.permissions,
           coalesce(s.second_factor = 'required', false)
           AND NOT EXISTS (SELECT FROM second_factors f WHERE f.user_id = of_user AND f.confirmed_at IS NOT NULL)
    FROM memberships m
    JOIN orgs o USING (org_id)
    LEFT JOIN sign_in_settings s USING (org_id)
    CROSS JOIN LATERAL (
        SELECT '' AS project_key, '' AS env_key, m.role AS role
        UNION ALL
        SELECT p.key, coalesce(e.key, ''), a.role
        FROM role_assignments a JOIN projects p USING (project_id) LEFT JOIN environments e ON e.env_id = a.env_id
        WHERE a.org_id = m.org_id AND a.user_id = m.user_id) g
    LEFT JOIN roles r ON r.org_id = m.org_id AND r.key = g.role
    WHERE m.user_id = of_user AND (of_org IS NULL OR o.key = of_org) AND o.deleted_at IS NULL
    ORDER BY o.key COLLATE "C", g.project_key COLLATE "C", g.env_key COLLATE "C"
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
