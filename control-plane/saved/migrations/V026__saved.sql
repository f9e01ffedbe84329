-- What people keep in a project under a name: searches of its flags (views), and contexts to evaluate flags with. Without an owner
-- it is shared with the project; a person's own goes with their membership.
CREATE TABLE saved (
    saved_id    text COLLATE "C" PRIMARY KEY CHECK (saved_id ~ '^(view|ctx)_[0-9A-Za-z]+$'),
    org_id      text NOT NULL,
    project_id  text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('view', 'context')),
    owner_id    text,
    name        text COLLATE "C" NOT NULL,
    content     text NOT NULL,                      -- JSON, its numbers as they were spelled
    environment text NOT NULL DEFAULT '',           -- key of the one that a view is of
    created_by  text NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, project_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, owner_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX saved_shared ON saved (project_id, kind, name) WHERE owner_id IS NULL;
CREATE UNIQUE INDEX saved_own ON saved (project_id, kind, owner_id, name) WHERE owner_id IS NOT NULL;
CREATE INDEX saved_owner ON saved (org_id, owner_id) WHERE owner_id IS NOT NULL;

ALTER TABLE saved ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON saved USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
REVOKE ALL ON saved FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON saved TO fanion_app;
