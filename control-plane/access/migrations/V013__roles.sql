-- Roles of an organisation's own, and roles of members in single projects and environments.

-- A role's permissions are their names (access/permission.hpp); built-in roles have no row.
CREATE TABLE roles (
    role_id     text PRIMARY KEY CHECK (role_id ~ '^r_[0-9A-Za-z]+$'),
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    key         text NOT NULL CHECK (key NOT IN ('owner', 'admin', 'maintainer', 'developer', 'viewer')),
    name        text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    permissions text[] NOT NULL DEFAULT '{}',
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, key)
);

-- `role` is a key, `custom_role` the same unless the role is built in: what a foreign key can refer to. So no member has a role
-- that does not exist, and none that is in use is deleted.
ALTER TABLE memberships
    DROP CONSTRAINT memberships_role_check,
    ADD COLUMN custom_role text GENERATED ALWAYS AS
        (CASE WHEN role IN ('owner', 'admin', 'maintainer', 'developer', 'viewer') THEN NULL ELSE role END) STORED,
    ADD FOREIGN KEY (org_id, custom_role) REFERENCES roles (org_id, key);
CREATE INDEX memberships_custom_role ON memberships (org_id, custom_role) WHERE custom_role IS NOT NULL;

-- An open invitation to a role that was deleted is not valid.
ALTER TABLE invitations DROP CONSTRAINT invitations_role_check;

-- A role in a project, or in one environment of it.
CREATE TABLE role_assignments (
    org_id      text NOT NULL,
    user_id     text NOT NULL,
    project_id  text NOT NULL,
    env_id      text,
    role        text NOT NULL,
    custom_role text GENERATED ALWAYS AS
        (CASE WHEN role IN ('owner', 'admin', 'maintainer', 'developer', 'viewer') THEN NULL ELSE role END) STORED,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, project_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, custom_role) REFERENCES roles (org_id, key)
);
CREATE UNIQUE INDEX role_assignments_place ON role_assignments (org_id, user_id, project_id, coalesce(env_id, ''));
CREATE INDEX role_assignments_project ON role_assignments (project_id, env_id);
CREATE INDEX role_assignments_env ON role_assignments (env_id) WHERE env_id IS NOT NULL;
CREATE INDEX role_assignments_custom_role ON role_assignments (org_id, custom_role) WHERE custom_role IS NOT NULL;

ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON roles USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON roles TO fanion_lookup USING (true) WITH CHECK (true);
ALTER TABLE role_assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE role_assignments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON role_assignments USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON role_assignments TO fanion_lookup USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON roles, role_assignments TO fanion_app;
GRANT SELECT ON roles, role_assignments TO fanion_lookup;

-- All roles of a person: of each organisation (or the one with the key `of_org`) first that in the organisation, whose
-- project_key is empty, then those in projects and environments. `permissions` of a built-in role is null.
CREATE FUNCTION access_of_user(of_user text, of_org text)
RETURNS TABLE (org_id text, key text, name text, project_key text, env_key text, role text, permissions text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, o.key, o.name, g.project_key, g.env_key, g.role, r.permissions
    FROM memberships m
    JOIN orgs o USING (org_id)
    CROSS JOIN LATERAL (
        SELECT '' AS project_key, '' AS env_key, m.role AS role
        UNION ALL
        SELECT p.key, coalesce(e.key, ''), a.role
        FROM role_assignments a JOIN projects p USING (project_id) LEFT JOIN environments e ON e.env_id = a.env_id
        WHERE a.org_id = m.org_id AND a.user_id = m.user_id) g
    LEFT JOIN roles r ON r.org_id = m.org_id AND r.key = g.role
    WHERE m.user_id = of_user AND (of_org IS NULL OR o.key = of_org)
    ORDER BY o.key COLLATE "C", g.project_key COLLATE "C", g.env_key COLLATE "C"
$$;

DROP FUNCTION orgs_of_user(text);

REVOKE ALL ON FUNCTION access_of_user(text, text) FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;
ALTER FUNCTION access_of_user(text, text) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION access_of_user(text, text) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
