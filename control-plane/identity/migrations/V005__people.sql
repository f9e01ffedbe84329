-- Invitations belong to an organisation, which can list and withdraw them; a name belongs to a membership; the operator of the
-- installation can reset a password. What people sign in with (password hashes, hashes of tokens, failed attempts) is no longer
-- readable by fanion_app: functions answer one question about one account.

-- E-mail addresses are compared by their key, in which ASCII letters are lower case (identity/email.hpp). lower() also changes
-- other letters (U+212A becomes k), in a way that depends on the database's locale.
ALTER TABLE users ADD COLUMN email_key text;
UPDATE users SET email_key = lower(email COLLATE "C");
ALTER TABLE users ALTER COLUMN email_key SET NOT NULL;
DROP INDEX users_email;
CREATE UNIQUE INDEX users_email ON users (email_key);

-- The name under which an organisation knows its member; users.name is shown to nobody but its owner. A name that was given
-- before goes to the first membership.
ALTER TABLE memberships ADD COLUMN name text NOT NULL DEFAULT '';
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;  -- for the owner of the table, who migrates
UPDATE memberships m SET name = u.name FROM users u
    WHERE u.user_id = m.user_id
      AND NOT EXISTS (SELECT FROM memberships o
                      WHERE o.user_id = m.user_id AND (o.created_at, o.org_id) < (m.created_at, m.org_id));

-- An invitation is addressed to an e-mail address. There is no account before it is accepted.
ALTER TABLE invitations RENAME COLUMN grants_org TO org_id;
ALTER TABLE invitations RENAME COLUMN grants_role TO role;
ALTER TABLE invitations RENAME CONSTRAINT invitations_grants_org_fkey TO invitations_org_id_fkey;
ALTER TABLE invitations RENAME CONSTRAINT invitations_grants_role_check TO invitations_role_check;
ALTER TABLE invitations
    ADD COLUMN invitation_id text UNIQUE,
    ADD COLUMN email text,
    ADD COLUMN email_key text,
    ADD COLUMN name text NOT NULL DEFAULT '',
    ADD COLUMN invited_by text NOT NULL DEFAULT '',  -- user_id; empty: the operator of the installation
    ADD COLUMN withdrawn_at timestamptz;
UPDATE invitations i
    SET invitation_id = 'i_' || substr(encode(i.token_sha256, 'hex'), 1, 16), email = u.email, email_key = u.email_key,
        name = u.name
    FROM users u WHERE u.user_id = i.user_id;
ALTER TABLE invitations ALTER COLUMN invitation_id SET NOT NULL;
ALTER TABLE invitations ALTER COLUMN email SET NOT NULL;
ALTER TABLE invitations ALTER COLUMN email_key SET NOT NULL;
ALTER TABLE invitations DROP COLUMN user_id;
CREATE INDEX invitations_org ON invitations (org_id, email_key);
-- Members are changed as members only, and who invited whom was not stored.
UPDATE invitations i SET withdrawn_at = now()
    FROM users u JOIN memberships m USING (user_id)
    WHERE i.used_at IS NULL AND u.email_key = i.email_key AND m.org_id = i.org_id;
DELETE FROM users u
    WHERE password_hash IS NULL AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = u.user_id);

ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON invitations TO fanion_lookup USING (true) WITH CHECK (true);

-- An organisation sees who its members are.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON users FOR SELECT
    USING (EXISTS (SELECT FROM memberships m
                   WHERE m.user_id = users.user_id AND m.org_id = current_setting('fanion.org_id', true)));
CREATE POLICY lookup ON users TO fanion_lookup USING (true) WITH CHECK (true);

-- A refresh token that is presented again at once by the same client is forgiven.
ALTER TABLE refresh_tokens ADD COLUMN used_from text NOT NULL DEFAULT '';  -- address of the client that used it

-- Addresses from which a person has signed in. Failures from elsewhere do not delay them there.
CREATE TABLE sign_in_addresses (
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    address text NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, address)
);
CREATE INDEX sign_in_addresses_age ON sign_in_addresses (last_at);

-- One-time tokens that the operator of the installation hands out.
CREATE TABLE password_resets (
    token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz
);
CREATE INDEX password_resets_user ON password_resets (user_id);

-- Grants. The hash of a token can be written and, by a function, be searched for.
REVOKE ALL ON users, invitations, refresh_tokens, sign_in_failures, sign_in_addresses, password_resets FROM PUBLIC, fanion_app;
GRANT SELECT (user_id, email, email_key) ON users TO fanion_app;
GRANT SELECT (invitation_id, org_id, email, email_key, name, role, invited_by, created_at, expires_at, used_at, withdrawn_at),
    INSERT, UPDATE (used_at, withdrawn_at) ON invitations TO fanion_app;
GRANT INSERT ON refresh_tokens, password_resets TO fanion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON users, refresh_tokens, sign_in_failures, sign_in_addresses, password_resets
    TO fanion_lookup;

-- Functions -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION user_of_id(of_user text)
RETURNS TABLE (user_id text, email text, name text, is_disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT u.user_id, u.email, u.name, u.disabled_at IS NOT NULL FROM users u WHERE u.user_id = of_user
$$;

-- What signing in to one account needs.
CREATE FUNCTION account_of_email(of_email_key text)
RETURNS TABLE (user_id text, email text, name text, is_disabled boolean, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT u.user_id, u.email, u.name, u.disabled_at IS NOT NULL, u.password_hash FROM users u
    WHERE u.email_key = of_email_key
$$;

-- False when the address has an account.
CREATE FUNCTION add_user(new_id text, new_email text, new_email_key text, new_name text, new_hash text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    WITH added AS (
        INSERT INTO users (user_id, email, email_key, name, password_hash)
        VALUES (new_id, new_email, new_email_key, new_name, new_hash)
        ON CONFLICT (email_key) DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT FROM added)
$$;

CREATE FUNCTION set_password(of_user text, new_hash text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE users SET password_hash = new_hash, updated_at = now() WHERE user_id = of_user
$$;

-- The open invitation that a token stands for.
CREATE FUNCTION invitation_of_token(of_hash bytea, at_time timestamptz)
RETURNS TABLE (invitation_id text, org_id text, email text, name text, role text, invited_by text, created_at timestamptz,
               expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT i.invitation_id, i.org_id, i.email, i.name, i.role, i.invited_by, i.created_at, i.expires_at FROM invitations i
    WHERE i.token_sha256 = of_hash AND i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > at_time
$$;

-- Whatever starts, continues or ends sessions of a person locks the person first, each in a statement of its own: what ends
-- sessions sees every token that was issued before it, and no token is issued after it on the strength of what came before.
CREATE FUNCTION lock_user(of_user text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT FROM users WHERE user_id = of_user FOR NO KEY UPDATE
$$;

CREATE FUNCTION lock_refresh_token(of_hash bytea)
RETURNS TABLE (session_id text, user_id text, expires_at timestamptz, used_at timestamptz, used_from text, is_revoked boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT FROM users u JOIN refresh_tokens t USING (user_id) WHERE t.token_sha256 = of_hash FOR NO KEY UPDATE OF u;
    SELECT t.session_id, t.user_id, t.expires_at, t.used_at, t.used_from, t.revoked_at IS NOT NULL FROM refresh_tokens t
    WHERE t.token_sha256 = of_hash FOR UPDATE
$$;

CREATE FUNCTION use_refresh_token(of_hash bytea, at_time timestamptz, by_address text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE refresh_tokens SET used_at = at_time, used_from = by_address WHERE token_sha256 = of_hash
$$;

CREATE FUNCTION revoke_session(of_session text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT FROM users WHERE user_id IN (SELECT user_id FROM refresh_tokens WHERE session_id = of_session)
        FOR NO KEY UPDATE;
    UPDATE refresh_tokens SET revoked_at = at_time WHERE session_id = of_session AND revoked_at IS NULL
$$;

CREATE FUNCTION revoke_sessions(of_user text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT FROM users WHERE user_id = of_user FOR NO KEY UPDATE;
    UPDATE refresh_tokens SET revoked_at = at_time WHERE user_id = of_user AND revoked_at IS NULL
$$;

CREATE FUNCTION is_session_live(of_session text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT EXISTS (SELECT FROM refresh_tokens WHERE session_id = of_session AND revoked_at IS NULL)
$$;

-- Inserts the row if it is missing, so that the first attempts are in turn too.
CREATE FUNCTION lock_sign_in_failures(of_subject text, at_time timestamptz)
RETURNS TABLE (failures integer, last_at timestamptz, retry_after timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    INSERT INTO sign_in_failures AS f (subject, failures, last_at, retry_after) VALUES (of_subject, 0, at_time, at_time)
    ON CONFLICT (subject) DO UPDATE SET failures = f.failures
    RETURNING f.failures, f.last_at, f.retry_after
$$;

CREATE FUNCTION put_sign_in_failures(of_subject text, new_failures integer, new_last_at timestamptz, new_retry_after timestamptz)
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE sign_in_failures SET failures = new_failures, last_at = new_last_at, retry_after = new_retry_after
    WHERE subject = of_subject
$$;

CREATE FUNCTION delete_sign_in_failures(of_subject text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM sign_in_failures WHERE subject = of_subject
$$;

CREATE FUNCTION has_signed_in_from(of_email_key text, of_address text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT EXISTS (SELECT FROM sign_in_addresses a JOIN users u USING (user_id)
                   WHERE u.email_key = of_email_key AND a.address = of_address)
$$;

CREATE FUNCTION remember_sign_in_address(of_user text, of_address text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    INSERT INTO sign_in_addresses (user_id, address, last_at) VALUES (of_user, of_address, at_time)
    ON CONFLICT (user_id, address) DO UPDATE SET last_at = at_time
$$;

CREATE FUNCTION forget_sign_in_addresses(of_user text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM sign_in_addresses WHERE user_id = of_user
$$;

-- Marks the reset as used, and all others of the person. The person; no row when the token is not valid.
CREATE FUNCTION use_password_reset(of_hash bytea, at_time timestamptz)
RETURNS TABLE (user_id text, email text, name text, is_disabled boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    WITH used AS (
        UPDATE password_resets r SET used_at = at_time
        WHERE r.user_id = (SELECT g.user_id FROM password_resets g
                           WHERE g.token_sha256 = of_hash AND g.used_at IS NULL AND g.expires_at > at_time)
          AND r.used_at IS NULL
        RETURNING r.user_id, r.token_sha256)
    SELECT u.user_id, u.email, u.name, u.disabled_at IS NOT NULL
    FROM users u JOIN used ON used.user_id = u.user_id AND used.token_sha256 = of_hash
$$;

CREATE OR REPLACE FUNCTION purge_expired() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM event_batches WHERE received_at < now() - interval '7 days';
    DELETE FROM outbox WHERE created_at < now() - interval '7 days';
    DELETE FROM item_changes c USING environments e
        WHERE c.env_id = e.env_id AND (c.epoch < e.epoch OR c.version <= e.version - 2000);
    DELETE FROM manifests m USING environments e
        WHERE m.env_id = e.env_id AND (m.epoch, m.version) < (e.epoch, e.version)
          AND (m.epoch < e.epoch OR m.version <= e.version - 2000);
    -- Last: people who sign in wait for these rows.
    DELETE FROM refresh_tokens WHERE expires_at < now() - interval '7 days';
    DELETE FROM invitations WHERE expires_at < now() - interval '7 days';
    DELETE FROM password_resets WHERE expires_at < now() - interval '7 days';
    DELETE FROM sign_in_failures WHERE last_at < now() - interval '1 day';
    DELETE FROM sign_in_addresses WHERE last_at < now() - interval '90 days';
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
