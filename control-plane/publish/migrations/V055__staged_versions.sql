-- compatible-from: V054

-- How an environment's changes reach relays in stages. No label: at once.
ALTER TABLE environments
    ADD COLUMN staging_label    text,
    ADD COLUMN soak_seconds     integer NOT NULL DEFAULT 600,
    ADD COLUMN hold_seconds     integer NOT NULL DEFAULT 3600,
    ADD COLUMN without_canaries text NOT NULL DEFAULT 'hold',
    -- What relays without the label have while a later version is held; null: nothing is held.
    ADD COLUMN released_epoch   bigint,
    ADD COLUMN released_version bigint;

-- Versions that did not go to all relays at once. One that is not here did. Not in `manifests`, whose rows are what was signed.
CREATE TABLE staged_versions (
    env_id           text NOT NULL,
    epoch            bigint NOT NULL,
    version          bigint NOT NULL,
    org_id           text NOT NULL,
    state            text NOT NULL CHECK (state IN ('held', 'beneath', 'released', 'withdrawn', 'replaced')),
    label            text NOT NULL DEFAULT '',
    soak_seconds     integer NOT NULL DEFAULT 0,  -- as they were set when the version was made
    hold_seconds     integer NOT NULL DEFAULT 0,
    without_canaries text NOT NULL DEFAULT 'hold',
    base_epoch       bigint NOT NULL DEFAULT 0,   -- what the other relays had meanwhile
    base_version     bigint NOT NULL DEFAULT 0,
    begun_at         timestamptz NOT NULL,
    held_since       timestamptz NOT NULL,        -- of the first version that this one replaces without a release in between
    ended_at         timestamptz,
    reason           text NOT NULL DEFAULT '',
    detail           text NOT NULL DEFAULT '',
    actor_kind       text NOT NULL DEFAULT '',
    actor_id         text NOT NULL DEFAULT '',
    next_epoch       bigint,                      -- of one that was withdrawn: the version with the former content
    next_version     bigint,
    kept             text[] NOT NULL DEFAULT '{}',  -- flags and segments whose configuration a withdrawal could not put back
    PRIMARY KEY (env_id, epoch, version),
    FOREIGN KEY (env_id, epoch, version) REFERENCES manifests ON DELETE CASCADE
);
CREATE INDEX staged_versions_held ON staged_versions (env_id) WHERE state = 'held';
ALTER TABLE staged_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE staged_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON staged_versions USING (org_id = (SELECT current_setting('fanion.org_id', true)))
    WITH CHECK (org_id = (SELECT current_setting('fanion.org_id', true)));
CREATE POLICY lookup ON staged_versions TO fanion_lookup USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON staged_versions TO fanion_app;
GRANT SELECT ON staged_versions TO fanion_lookup;

-- What became of versions from one on, for the feeds of all tenants.
CREATE FUNCTION feed_stages(of_env text, from_epoch bigint, from_version bigint)
RETURNS TABLE (epoch bigint, version bigint, state text, label text, base_epoch bigint, base_version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.epoch, s.version, s.state, s.label, s.base_epoch, s.base_version FROM staged_versions s
    WHERE s.env_id = of_env AND (s.epoch, s.version) >= (from_epoch, from_version)
    ORDER BY s.epoch, s.version
$$;

-- What is held, of all tenants: for the feeds' polls and for those who decide.
CREATE FUNCTION held_versions()
RETURNS TABLE (env_id text, org_id text, project_id text, project_key text, env_key text, epoch bigint, version bigint,
               is_newest boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.env_id, s.org_id, e.project_id, p.key, e.key, s.epoch, s.version, (s.epoch, s.version) = (e.epoch, e.version)
    FROM staged_versions s JOIN environments e USING (env_id) JOIN projects p USING (project_id)
    WHERE s.state = 'held' AND e.deleted_at IS NULL
    ORDER BY s.env_id
$$;

-- Also those whose released version is of an earlier epoch or not signed with the key.
CREATE OR REPLACE FUNCTION environments_to_renew(of_epoch bigint, of_kid text)
RETURNS TABLE (env_id text, org_id text, org_key text, project_id text, project_key text, env_key text, epoch bigint,
               version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.epoch, e.version
    FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id)
    WHERE e.version > 0
      AND (e.epoch < of_epoch OR e.released_epoch < of_epoch
           OR EXISTS (SELECT FROM (VALUES (e.epoch, e.version), (e.released_epoch, e.released_version)) v (epoch, version)
                      WHERE v.epoch IS NOT NULL AND NOT EXISTS (
                          SELECT FROM manifests m
                          WHERE m.env_id = e.env_id AND m.epoch = v.epoch AND m.version = v.version
                            AND m.full_line0::jsonb @> jsonb_build_object('sigs', jsonb_build_array(jsonb_build_object('kid', of_kid))))))
    ORDER BY e.env_id
$$;

REVOKE ALL ON FUNCTION feed_stages(text, bigint, bigint), held_versions() FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;
ALTER FUNCTION feed_stages(text, bigint, bigint) OWNER TO fanion_lookup;
ALTER FUNCTION held_versions() OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION feed_stages(text, bigint, bigint), held_versions() TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
