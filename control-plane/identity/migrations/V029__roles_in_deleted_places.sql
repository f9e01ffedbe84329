-- Where a person has a role that says nothing at present, because the project or environment is deleted.
CREATE FUNCTION deleted_places_of_user(of_user text) RETURNS TABLE (org_id text, project_key text, env_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT a.org_id, p.key, coalesce(e.key, '')
    FROM role_assignments a JOIN projects p USING (project_id) LEFT JOIN environments e ON e.env_id = a.env_id
    WHERE a.user_id = of_user AND (p.deleted_at IS NOT NULL OR e.deleted_at IS NOT NULL)
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
