-- What a project requires of the plans of rollouts. They are read whole, at most 50 of a project.
CREATE TABLE rollout_policies (
    org_id     text NOT NULL,
    project_id text NOT NULL,
    key        text COLLATE "C" NOT NULL,
    rules      text NOT NULL,                     -- JSON: `match` and `require`
    created_by text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (project_id, key),
    FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, project_id) ON DELETE CASCADE
);

ALTER TABLE rollout_policies ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollout_policies FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rollout_policies USING (org_id = (SELECT current_setting('fanion.org_id', true)))
    WITH CHECK (org_id = (SELECT current_setting('fanion.org_id', true)));
REVOKE ALL ON rollout_policies FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON rollout_policies TO fanion_app;

-- Those that wait for a person alone are looked at too: their flag may be gone.
ALTER TABLE rollouts NO FORCE ROW LEVEL SECURITY;  -- for the owner, who is not a superuser everywhere
UPDATE rollouts SET due_at = now() WHERE ended_at IS NULL AND due_at IS NULL;
ALTER TABLE rollouts FORCE ROW LEVEL SECURITY;
