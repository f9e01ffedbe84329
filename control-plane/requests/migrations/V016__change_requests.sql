-- Change requests: changes of flags and segments that others approve before they are made.

-- How many approvals a change of the environment's flags and segments takes; without a row: none. Read with the
-- environment's row locked, and written likewise.
CREATE TABLE environment_approvals (
    env_id   text PRIMARY KEY,
    org_id   text NOT NULL,
    required integer NOT NULL CHECK (required BETWEEN 0 AND 10),
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);

CREATE TABLE change_requests (
    request_id  text PRIMARY KEY CHECK (request_id ~ '^cr_[0-9A-Za-z]+$'),
    org_id      text NOT NULL,
    env_id      text NOT NULL,
    number      bigint GENERATED ALWAYS AS IDENTITY,
    title       text NOT NULL,
    description text NOT NULL,
    state       text NOT NULL CHECK (state IN ('draft', 'open', 'declined', 'withdrawn', 'applied')),
    author      text NOT NULL,              -- JSON
    reviewers   text[] NOT NULL,            -- ids of members
    changes     text NOT NULL,              -- JSON
    digest      text NOT NULL,              -- of the changes and their result, when it was last made
    sentences   text[] NOT NULL,            -- what the changes did then
    required    integer NOT NULL,           -- approvals, then
    base        text NOT NULL,              -- the environment's version, then
    reason      text NOT NULL DEFAULT '',   -- of its end
    ended_by    text NOT NULL DEFAULT '',
    ended_at    timestamptz,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    UNIQUE (org_id, request_id),
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);
CREATE INDEX change_requests_env ON change_requests (env_id, number);
CREATE INDEX change_requests_open ON change_requests (org_id) WHERE state IN ('draft', 'open');

-- The last of each person. It stands while its digest is that of the request.
CREATE TABLE change_request_approvals (
    request_id text NOT NULL,
    org_id     text NOT NULL,
    user_id    text NOT NULL,
    digest     text NOT NULL,
    comment    text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (request_id, user_id),
    FOREIGN KEY (org_id, request_id) REFERENCES change_requests (org_id, request_id) ON DELETE CASCADE
);

CREATE TABLE change_request_comments (
    request_id text NOT NULL,
    number     bigint GENERATED ALWAYS AS IDENTITY,
    org_id     text NOT NULL,
    author     text NOT NULL,               -- JSON
    text       text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (request_id, number),
    FOREIGN KEY (org_id, request_id) REFERENCES change_requests (org_id, request_id) ON DELETE CASCADE
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['environment_approvals', 'change_requests', 'change_request_approvals',
                             'change_request_comments'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = current_setting(''fanion.org_id'', true)) '
                       'WITH CHECK (org_id = current_setting(''fanion.org_id'', true))', t);
    END LOOP;
END $$;
REVOKE ALL ON environment_approvals, change_requests, change_request_approvals, change_request_comments FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON environment_approvals, change_requests, change_request_approvals TO fanion_app;
GRANT SELECT, INSERT ON change_request_comments TO fanion_app;
