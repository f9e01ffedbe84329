-- Single sign-on: identity providers of organisations, whom they have signed in, and sessions that act in one organisation only.
CREATE TABLE identity_providers (
    provider_id   text PRIMARY KEY CHECK (provider_id ~ '^idp_[0-9A-Za-z]+$'),
    org_id        text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    key           text NOT NULL,
    name          text NOT NULL DEFAULT '',
    issuer        text NOT NULL,
    client_id     text NOT NULL,
    client_secret bytea,                             -- common/base/sealing.hpp; null: a public client
    scopes        text[] NOT NULL,
    domains       text[] NOT NULL,                   -- of e-mail addresses, in lower case
    groups_claim  text NOT NULL DEFAULT '',
    is_enabled    boolean NOT NULL,
    adds_members  boolean NOT NULL,
    created_by    text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    UNIQUE (org_id, key)
);

-- As whom an issuer knows a member. It goes with the membership.
CREATE TABLE sign_on_identities (
    org_id     text NOT NULL,
    issuer     text NOT NULL,
    subject    text NOT NULL,
    user_id    text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, issuer, subject),
    UNIQUE (org_id, issuer, user_id),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE
);
CREATE INDEX sign_on_identities_member ON sign_on_identities (org_id, user_id);

-- What is used once: the state of a sign-in, and the code that a command line exchanges for tokens. Deleted when it has expired,
-- with the next one of the organisation.
CREATE TABLE used_sign_ons (
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    used_sha256 bytea NOT NULL CHECK (length(used_sha256) = 32),
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (org_id, used_sha256)
);
CREATE INDEX used_sign_ons_age ON used_sign_ons (org_id, expires_at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['identity_providers', 'sign_on_identities', 'used_sign_ons'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = current_setting(''fanion.org_id'', true)) '
                       'WITH CHECK (org_id = current_setting(''fanion.org_id'', true))', t);
    END LOOP;
END $$;
REVOKE ALL ON identity_providers, sign_on_identities, used_sign_ons FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity_providers TO fanion_app;
GRANT SELECT, INSERT ON sign_on_identities TO fanion_app;
GRANT SELECT, INSERT, DELETE ON used_sign_ons TO fanion_app;

-- A session that an identity provider has started acts in that provider's organisation only. Neither column has a foreign key:
-- a session whose row was lost would go on by its refresh token, without that limit.
ALTER TABLE sessions
    ADD COLUMN only_org text,          -- null: a person signed in to their account
    ADD COLUMN provider_id text;
CREATE INDEX sessions_provider ON sessions (provider_id) WHERE provider_id IS NOT NULL;

CREATE FUNCTION limit_session(of_session text, to_org text, of_provider text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE sessions SET only_org = to_org, provider_id = of_provider WHERE session_id = of_session
$$;

-- A refresh that is under way does not bring such a session back: it stays ended.
CREATE FUNCTION end_sessions_of_provider(of_provider text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE refresh_tokens SET revoked_at = at_time
        WHERE session_id IN (SELECT session_id FROM sessions WHERE provider_id = of_provider AND ended_at IS NULL)
          AND revoked_at IS NULL;
    UPDATE sessions SET ended_at = at_time WHERE provider_id = of_provider AND ended_at IS NULL
$$;

DROP FUNCTION live_session(text, timestamptz);

-- The last use of a session that goes on, and the organisation that it is limited to; no row of any other.
CREATE FUNCTION live_session(of_session text, at_time timestamptz) RETURNS TABLE (last_used_at timestamptz, only_org text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.last_used_at, s.only_org FROM sessions s
    WHERE s.session_id = of_session AND s.ended_at IS NULL AND s.expires_at > at_time
$$;

DROP FUNCTION session_of_cookie(bytea, timestamptz);

-- The session that a cookie stands for and its person; no row when it is over.
CREATE FUNCTION session_of_cookie(of_sha256 bytea, at_time timestamptz)
RETURNS TABLE (session_id text, last_used_at timestamptz, only_org text, user_id text, email text, name text,
               is_disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.session_id, s.last_used_at, s.only_org, u.user_id, u.email, u.name, u.disabled_at IS NOT NULL
    FROM sessions s JOIN users u USING (user_id)
    WHERE s.ended_at IS NULL AND s.expires_at > at_time
      AND (s.cookie_sha256 = of_sha256 OR (s.previous_cookie_sha256 = of_sha256 AND s.previous_until > at_time))
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
