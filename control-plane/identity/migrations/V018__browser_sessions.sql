-- A session of a browser has a cookie in the place of refresh tokens: 256 random bits, of which only the hash is stored. It
-- expires 12 hours after its last use and 7 days after its beginning; expires_at is the earlier of the two.
ALTER TABLE sessions
    ADD COLUMN cookie_sha256 bytea UNIQUE CHECK (length(cookie_sha256) = 32),
    ADD COLUMN previous_cookie_sha256 bytea,     -- replaced at a change of rights; still taken until then
    ADD COLUMN previous_until timestamptz,
    ADD COLUMN rights_sha256 bytea;              -- of what the person may do, as the browser was last told
CREATE INDEX sessions_previous_cookie ON sessions (previous_cookie_sha256) WHERE previous_cookie_sha256 IS NOT NULL;

-- What a person prefers in user interfaces: a JSON object that this program does not read.
ALTER TABLE users ADD COLUMN preferences text NOT NULL DEFAULT '{}';

CREATE FUNCTION put_cookie(of_session text, new_sha256 bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE sessions SET cookie_sha256 = new_sha256 WHERE session_id = of_session
$$;

-- The session that a cookie stands for and its person; no row when it is over.
CREATE FUNCTION session_of_cookie(of_sha256 bytea, at_time timestamptz)
RETURNS TABLE (session_id text, last_used_at timestamptz, user_id text, email text, name text, is_disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.session_id, s.last_used_at, u.user_id, u.email, u.name, u.disabled_at IS NOT NULL
    FROM sessions s JOIN users u USING (user_id)
    WHERE s.ended_at IS NULL AND s.expires_at > at_time
      AND (s.cookie_sha256 = of_sha256 OR (s.previous_cookie_sha256 = of_sha256 AND s.previous_until > at_time))
$$;

-- Replaces the cookie if the person's rights are others than those that the browser was told. The first time they are only
-- noted. Whether the cookie was replaced.
CREATE FUNCTION renew_cookie(of_sha256 bytea, new_rights bytea, new_sha256 bytea, old_until timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE sessions SET rights_sha256 = new_rights WHERE cookie_sha256 = of_sha256 AND rights_sha256 IS NULL;
    WITH renewed AS (
        UPDATE sessions SET rights_sha256 = new_rights, cookie_sha256 = new_sha256, previous_cookie_sha256 = of_sha256,
            previous_until = old_until
        WHERE cookie_sha256 = of_sha256 AND rights_sha256 <> new_rights RETURNING 1)
    SELECT EXISTS (SELECT FROM renewed)
$$;

CREATE OR REPLACE FUNCTION note_session_use(of_session text, used_at timestamptz, new_address text, new_user_agent text)
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE sessions SET last_used_at = used_at, address = new_address, user_agent = new_user_agent,
        expires_at = CASE WHEN cookie_sha256 IS NULL THEN expires_at
                          ELSE least(created_at + interval '7 days', used_at + interval '12 hours') END
    WHERE session_id = (SELECT session_id FROM sessions WHERE session_id = of_session AND last_used_at < used_at
                        FOR NO KEY UPDATE SKIP LOCKED)
$$;

DROP FUNCTION live_session(text);

-- The last use of a session that goes on; no row of any other.
CREATE FUNCTION live_session(of_session text, at_time timestamptz) RETURNS TABLE (last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.last_used_at FROM sessions s WHERE s.session_id = of_session AND s.ended_at IS NULL AND s.expires_at > at_time
$$;

CREATE FUNCTION preferences_of(of_user text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT u.preferences FROM users u WHERE u.user_id = of_user
$$;

CREATE FUNCTION put_preferences(of_user text, new_preferences text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE users SET preferences = new_preferences WHERE user_id = of_user
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
