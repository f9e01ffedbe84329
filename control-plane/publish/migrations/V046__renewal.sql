-- The environments whose newest version is of an earlier epoch or not signed with the key `of_kid`, deleted ones among them.
-- environments_before_epoch() stays for replicas of earlier versions that are started meanwhile.
CREATE FUNCTION environments_to_renew(of_epoch bigint, of_kid text)
RETURNS TABLE (env_id text, org_id text, org_key text, project_id text, project_key text, env_key text, epoch bigint,
               version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.epoch, e.version
    FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id)
    WHERE e.version > 0
      AND (e.epoch < of_epoch
           OR NOT EXISTS (SELECT FROM manifests m
                          WHERE m.env_id = e.env_id AND m.epoch = e.epoch AND m.version = e.version
                            AND m.full_line0::jsonb @> jsonb_build_object('sigs', jsonb_build_array(jsonb_build_object('kid', of_kid)))))
    ORDER BY e.env_id
$$;

REVOKE ALL ON FUNCTION environments_to_renew(bigint, text) FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;
ALTER FUNCTION environments_to_renew(bigint, text) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION environments_to_renew(bigint, text) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
