-- Tokens for programs. A personal token acts as its person and has no tenant; a service account belongs to an organisation and
-- has a role of its own. Only the hashes are stored, and fanion_app cannot read them.

CREATE TABLE personal_tokens (
    token_id     text PRIMARY KEY CHECK (token_id ~ '^[0-9A-Za-z]{10}$'),
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    name         text NOT NULL,
    sha256       bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),  -- of the whole token
    scopes       text[] NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,                                        -- in whole minutes
    replaces     text NOT NULL DEFAULT ''                            -- token_id; empty: not made by a rotation
);
CREATE INDEX personal_tokens_user ON personal_tokens (user_id);

-- The tokens of one account have its account_id, role and name: a rotation makes another.
CREATE TABLE service_tokens (
    token_id     text PRIMARY KEY CHECK (token_id ~ '^[0-9A-Za-z]{10}$'),
    org_id       text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    account_id   text NOT NULL CHECK (account_id ~ '^v_[0-9A-Za-z]+$'),
    name         text NOT NULL,
    role         text NOT NULL CHECK (role IN ('owner', 'admin', 'maintainer', 'developer', 'viewer')),
    sha256       bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
    scopes       text[] NOT NULL,
    created_by   text NOT NULL,                                      -- user_id or account_id
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    replaces     text NOT NULL DEFAULT ''
);
CREATE INDEX service_tokens_org ON service_tokens (org_id);

ALTER TABLE service_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON service_tokens USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON service_tokens TO fanion_lookup USING (true) WITH CHECK (true);

REVOKE ALL ON personal_tokens, service_tokens FROM PUBLIC;
GRANT INSERT ON personal_tokens TO fanion_app;
GRANT SELECT (token_id, org_id, account_id, name, role, scopes, created_by, created_at, expires_at, revoked_at, last_used_at,
              replaces),
    INSERT, UPDATE (expires_at, revoked_at) ON service_tokens TO fanion_app;
GRANT SELECT, UPDATE ON personal_tokens, service_tokens TO fanion_lookup;

-- The token with this hash and its person, whatever their state.
CREATE FUNCTION personal_token_of_hash(of_hash bytea)
RETURNS TABLE (token_id text, name text, scopes text[], created_at timestamptz, expires_at timestamptz,
               revoked_at timestamptz, last_used_at timestamptz, replaces text, user_id text, email text, user_name text,
               is_disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT t.token_id, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.replaces, u.user_id,
           u.email, u.name, u.disabled_at IS NOT NULL
    FROM personal_tokens t JOIN users u USING (user_id) WHERE t.sha256 = of_hash
$$;

-- The token with this hash and its organisation.
CREATE FUNCTION service_token_of_hash(of_hash bytea)
RETURNS TABLE (token_id text, name text, scopes text[], created_at timestamptz, expires_at timestamptz,
               revoked_at timestamptz, last_used_at timestamptz, replaces text, account_id text, role text, created_by text,
               org_id text, org_key text, org_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT t.token_id, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.replaces, t.account_id,
           t.role, t.created_by, o.org_id, o.key, o.name
    FROM service_tokens t JOIN orgs o USING (org_id) WHERE t.sha256 = of_hash
$$;

-- The tokens of one person, newest first, after the one of the id `after_id` if it is not empty.
CREATE FUNCTION personal_tokens_of(of_user text, after_id text, at_most bigint)
RETURNS TABLE (token_id text, name text, scopes text[], created_at timestamptz, expires_at timestamptz,
               revoked_at timestamptz, last_used_at timestamptz, replaces text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT t.token_id, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.replaces
    FROM personal_tokens t
    WHERE t.user_id = of_user
      AND (after_id = '' OR (t.created_at, t.token_id COLLATE "C") <
           (SELECT a.created_at, a.token_id COLLATE "C" FROM personal_tokens a
            WHERE a.user_id = of_user AND a.token_id = after_id))
    ORDER BY t.created_at DESC, t.token_id COLLATE "C" DESC LIMIT at_most
$$;

CREATE FUNCTION personal_token_of(of_user text, of_token text)
RETURNS TABLE (token_id text, name text, scopes text[], created_at timestamptz, expires_at timestamptz,
               revoked_at timestamptz, last_used_at timestamptz, replaces text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT t.token_id, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.replaces
    FROM personal_tokens t WHERE t.user_id = of_user AND t.token_id = of_token
$$;

CREATE FUNCTION count_live_personal_tokens(of_user text, at_time timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT count(*) FROM personal_tokens
    WHERE user_id = of_user AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > at_time)
$$;

-- The live token that a rotation has put in the place of another; '' if there is none.
CREATE FUNCTION personal_token_replacing(of_user text, of_token text, at_time timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT coalesce((SELECT token_id FROM personal_tokens
                     WHERE user_id = of_user AND replaces = of_token AND revoked_at IS NULL
                       AND (expires_at IS NULL OR expires_at > at_time) LIMIT 1), '')
$$;

CREATE FUNCTION revoke_personal_token(of_user text, of_token text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE personal_tokens SET revoked_at = at_time
    WHERE user_id = of_user AND token_id = of_token AND revoked_at IS NULL
$$;

CREATE FUNCTION revoke_personal_tokens(of_user text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE personal_tokens SET revoked_at = at_time WHERE user_id = of_user AND revoked_at IS NULL
$$;

CREATE FUNCTION expire_personal_token(of_user text, of_token text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE personal_tokens SET expires_at = at_time
    WHERE user_id = of_user AND token_id = of_token AND (expires_at IS NULL OR expires_at > at_time)
$$;

-- Records a use. Nothing waits: a row that is locked is about to have this use or a later one.
CREATE FUNCTION note_token_use(of_token text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE personal_tokens SET last_used_at = at_time
    WHERE token_id = (SELECT token_id FROM personal_tokens WHERE token_id = of_token
                      AND (last_used_at IS NULL OR last_used_at < at_time) FOR NO KEY UPDATE SKIP LOCKED);
    UPDATE service_tokens SET last_used_at = at_time
    WHERE token_id = (SELECT token_id FROM service_tokens WHERE token_id = of_token
                      AND (last_used_at IS NULL OR last_used_at < at_time) FOR NO KEY UPDATE SKIP LOCKED);
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
