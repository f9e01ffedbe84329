-- Sessions have rows of their own, which people can list. Their refresh tokens still have their id; the rows of a session that
-- was started before this migration do not know from where.
CREATE TABLE sessions (
    session_id   text PRIMARY KEY,
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,       -- in whole minutes
    address      text NOT NULL DEFAULT '',   -- where it was last used
    user_agent   text NOT NULL DEFAULT '',
    expires_at   timestamptz NOT NULL,       -- moved on by each refresh
    ended_at     timestamptz
);
CREATE INDEX sessions_user ON sessions (user_id);

INSERT INTO sessions (session_id, user_id, created_at, last_used_at, expires_at, ended_at)
    SELECT session_id, user_id, min(created_at), date_trunc('minute', max(coalesce(used_at, created_at))), max(expires_at),
           CASE WHEN bool_and(revoked_at IS NOT NULL) THEN max(revoked_at) END
    FROM refresh_tokens GROUP BY session_id, user_id;

REVOKE ALL ON sessions FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO fanion_lookup;

-- A session that starts, or continues by a refresh token. Those of the person that are long over are deleted with the occasion.
CREATE FUNCTION put_session(of_session text, of_user text, at_time timestamptz, used_at timestamptz, new_address text,
                            new_user_agent text, new_expires_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM sessions WHERE user_id = of_user AND expires_at < at_time - interval '7 days';
    INSERT INTO sessions (session_id, user_id, created_at, last_used_at, address, user_agent, expires_at)
    VALUES (of_session, of_user, at_time, used_at, new_address, new_user_agent, new_expires_at)
    ON CONFLICT (session_id) DO UPDATE SET last_used_at = greatest(sessions.last_used_at, used_at), address = new_address,
        user_agent = new_user_agent, expires_at = new_expires_at
$$;

-- The last use of a session that has not ended; no row of any other.
CREATE FUNCTION live_session(of_session text) RETURNS TABLE (last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.last_used_at FROM sessions s WHERE s.session_id = of_session AND s.ended_at IS NULL
$$;

-- Records a use. Nothing waits: a row that is locked is about to have this use or a later one.
CREATE FUNCTION note_session_use(of_session text, used_at timestamptz, new_address text, new_user_agent text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    UPDATE sessions SET last_used_at = used_at, address = new_address, user_agent = new_user_agent
    WHERE session_id = (SELECT session_id FROM sessions WHERE session_id = of_session AND last_used_at < used_at
                        FOR NO KEY UPDATE SKIP LOCKED)
$$;

-- The sessions of one person that are going on, newest first, after the one of the id `after_id` if it is not empty.
CREATE FUNCTION sessions_of(of_user text, at_time timestamptz, after_id text, at_most bigint)
RETURNS TABLE (session_id text, created_at timestamptz, last_used_at timestamptz, address text, user_agent text,
               expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.session_id, s.created_at, s.last_used_at, s.address, s.user_agent, s.expires_at FROM sessions s
    WHERE s.user_id = of_user AND s.ended_at IS NULL AND s.expires_at > at_time
      AND (after_id = '' OR (s.created_at, s.session_id COLLATE "C") <
           (SELECT a.created_at, a.session_id COLLATE "C" FROM sessions a
            WHERE a.user_id = of_user AND a.session_id = after_id))
    ORDER BY s.created_at DESC, s.session_id COLLATE "C" DESC LIMIT at_most
$$;

CREATE FUNCTION session_of(of_user text, of_session text, at_time timestamptz)
RETURNS TABLE (session_id text, created_at timestamptz, last_used_at timestamptz, address text, user_agent text,
               expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.session_id, s.created_at, s.last_used_at, s.address, s.user_agent, s.expires_at FROM sessions s
    WHERE s.user_id = of_user AND s.session_id = of_session AND s.ended_at IS NULL AND s.expires_at > at_time
$$;

CREATE OR REPLACE FUNCTION revoke_session(of_session text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT FROM users WHERE user_id IN (SELECT user_id FROM sessions WHERE session_id = of_session)
        FOR NO KEY UPDATE;
    UPDATE refresh_tokens SET revoked_at = at_time WHERE session_id = of_session AND revoked_at IS NULL;
    UPDATE sessions SET ended_at = at_time WHERE session_id = of_session AND ended_at IS NULL
$$;

CREATE OR REPLACE FUNCTION revoke_sessions(of_user text, at_time timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT FROM users WHERE user_id = of_user FOR NO KEY UPDATE;
    UPDATE refresh_tokens SET revoked_at = at_time WHERE user_id = of_user AND revoked_at IS NULL;
    UPDATE sessions SET ended_at = at_time WHERE user_id = of_user AND ended_at IS NULL
$$;

-- All sessions of a person but one. Returns the ids of those that have ended with this.
CREATE FUNCTION revoke_other_sessions(of_user text, but_session text, at_time timestamptz) RETURNS SETOF text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT FROM users WHERE user_id = of_user FOR NO KEY UPDATE;
    UPDATE refresh_tokens SET revoked_at = at_time
        WHERE user_id = of_user AND session_id <> but_session AND revoked_at IS NULL;
    UPDATE sessions SET ended_at = at_time
        WHERE user_id = of_user AND session_id <> but_session AND ended_at IS NULL AND expires_at > at_time
        RETURNING session_id
$$;

DROP FUNCTION is_session_live(text);

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
