-- What admits a request. Every request asks for it, so each of these functions keeps the plan of its query: PL/pgSQL does so for
-- as long as a connection lasts, while a function in SQL is planned again at each call. Their texts stay as they are.
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT proname, oid::regprocedure AS signature, pg_get_function_arguments(oid) AS arguments,
                    pg_get_function_result(oid) AS result, prosrc AS query
             FROM pg_proc
             WHERE pronamespace = 'fanion'::regnamespace
               AND proname IN ('access_of_user', 'find_api_key', 'live_session', 'personal_token_of_hash', 'service_token_of_hash',
                               'session_of_cookie', 'user_of_id', 'feed_environments', 'feed_manifests', 'feed_item_changes')
               AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql')
    LOOP
        EXECUTE format('CREATE OR REPLACE FUNCTION %I(%s) RETURNS %s LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 4 '
                       'SET search_path = fanion, pg_temp AS %L',
                       f.proname, f.arguments, f.result,
                       E'#variable_conflict use_column\nBEGIN\n    RETURN QUERY' || f.query || E';\nEND');
    END LOOP;
END $$;

-- Changes whenever something changes that decides what a credential may do and what its requests get to see of the
-- organisation, if they see nothing but what the audit log records: the credential, its person, the person's second factor, and
-- the newest entry of the log. Null: the credential is not in force. `of_kind`: session (by its id), or cookie, personal, service
-- (by the hash of the secret, in hexadecimal digits). `of_org` may be null.
--
-- xmin is the transaction that wrote a row; a row that is written again has another one.
CREATE FUNCTION admission_state(of_kind text, of_id text, of_org text, at_time timestamptz) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
DECLARE
    written text;
    person text;
    more text;
BEGIN
    CASE of_kind
    WHEN 'session' THEN
        SELECT s.xmin, s.user_id INTO written, person FROM sessions s
        WHERE s.session_id = of_id AND s.ended_at IS NULL AND s.expires_at > at_time;
    WHEN 'cookie' THEN
        SELECT s.xmin, s.user_id INTO written, person FROM sessions s
        WHERE s.ended_at IS NULL AND s.expires_at > at_time
          AND (s.cookie_sha256 = decode(of_id, 'hex')
               OR (s.previous_cookie_sha256 = decode(of_id, 'hex') AND s.previous_until > at_time));
    WHEN 'personal' THEN
        SELECT t.xmin, t.user_id INTO written, person FROM personal_tokens t
        WHERE t.sha256 = decode(of_id, 'hex') AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > at_time);
    WHEN 'service' THEN
        SELECT t.xmin INTO written FROM service_tokens t
        WHERE t.sha256 = decode(of_id, 'hex') AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > at_time);
    END CASE;
    IF written IS NULL THEN
        RETURN NULL;
    END IF;
    IF person IS NOT NULL THEN
        SELECT u.xmin || '.' || coalesce(f.xmin::text, '') INTO more
        FROM users u LEFT JOIN second_factors f USING (user_id) WHERE u.user_id = person;
        written := written || '.' || more;
    END IF;
    IF of_org IS NOT NULL THEN
        SELECT a.seq INTO more FROM audit a WHERE a.org_id = of_org ORDER BY a.seq DESC LIMIT 1;
        written := written || '.' || coalesce(more, '');
    END IF;
    RETURN written;
END
$$;
REVOKE ALL ON FUNCTION admission_state(text, text, text, timestamptz) FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the function; taken back below
ALTER FUNCTION admission_state(text, text, text, timestamptz) OWNER TO fanion_lookup;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
GRANT EXECUTE ON FUNCTION admission_state(text, text, text, timestamptz) TO fanion_app;
