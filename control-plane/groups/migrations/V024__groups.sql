-- Groups of people, as single sign-on or an organisation's directory names them, and the roles that they give.

-- In what order rules are tried, and whom none gives a role: JSON, as the API shows it.
CREATE TABLE group_roles (
    org_id       text PRIMARY KEY REFERENCES orgs ON DELETE CASCADE,
    rules        jsonb NOT NULL,
    default_role text,                     -- null: whom no rule gives a role is no member
    version      bigint NOT NULL,
    updated_at   timestamptz NOT NULL
);

-- `by_group`: the role is one that a group gives. What people give is theirs to take back.
ALTER TABLE memberships
    ADD COLUMN by_group boolean NOT NULL DEFAULT false,
    ADD COLUMN sign_in_groups text[];      -- what the last single sign-on said; null: nothing yet
ALTER TABLE role_assignments ADD COLUMN by_group boolean NOT NULL DEFAULT false;

-- The people that an organisation's directory tells of. They are members as long as the directory says so and they have a role;
-- what it says of them (`attributes`, JSON) is the organisation's, and changes nothing of their account.
CREATE TABLE directory_users (
    org_id        text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    user_id       text NOT NULL REFERENCES users ON DELETE CASCADE,
    user_name     text NOT NULL,
    user_name_key text NOT NULL,           -- ASCII letters in lower case
    external_id   text,
    is_active     boolean NOT NULL,
    attributes    text NOT NULL DEFAULT '{}',
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (org_id, user_id),
    UNIQUE (org_id, user_name_key)
);
CREATE INDEX directory_users_user ON directory_users (user_id);
CREATE INDEX directory_users_external ON directory_users (org_id, external_id) WHERE external_id IS NOT NULL;

-- The groups of the directory; those of single sign-on are in memberships.sign_in_groups alone.
CREATE TABLE groups (
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    group_id    text NOT NULL CHECK (group_id ~ '^g_[0-9A-Za-z]+$'),
    name        text NOT NULL,
    name_key    text NOT NULL,             -- ASCII letters in lower case
    external_id text,
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (org_id, group_id),
    UNIQUE (org_id, name_key)
);
CREATE TABLE group_members (
    org_id   text NOT NULL,
    group_id text NOT NULL,
    user_id  text NOT NULL,
    PRIMARY KEY (org_id, group_id, user_id),
    FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, group_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, user_id) REFERENCES directory_users (org_id, user_id) ON DELETE CASCADE
);
CREATE INDEX group_members_user ON group_members (org_id, user_id);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['group_roles', 'directory_users', 'groups', 'group_members'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = current_setting(''fanion.org_id'', true)) '
                       'WITH CHECK (org_id = current_setting(''fanion.org_id'', true))', t);
        EXECUTE format('CREATE POLICY lookup ON %I TO fanion_lookup USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
REVOKE ALL ON group_roles, directory_users, groups, group_members FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON group_roles TO fanion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory_users, groups, group_members TO fanion_app;
GRANT SELECT ON group_roles, directory_users, groups, group_members TO fanion_lookup;

-- The people whom an organisation's directory tells of are shown to it, whether or not they are members now.
CREATE POLICY directory ON users FOR SELECT
    USING (EXISTS (SELECT FROM directory_users d
                   WHERE d.user_id = users.user_id AND d.org_id = current_setting('fanion.org_id', true)));
