-- Progressive rollouts: what a plan does to a rule's split, step by step, and what guards it.

-- Prometheus servers that guards ask. The token is sealed by the program (base/sealing.hpp).
CREATE TABLE prometheus_sources (
    org_id     text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    key        text NOT NULL,
    url        text NOT NULL,
    token      bytea,
    created_by text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, key)
);

-- A replica looks at a rollout that is due while it holds the row's lease. What it then decides it applies only if
-- lease_seq is still the one that it took.
CREATE TABLE rollouts (
    rollout_id  text PRIMARY KEY CHECK (rollout_id ~ '^ro_[0-9A-Za-z]+$'),
    org_id      text NOT NULL,
    env_id      text NOT NULL,
    position    bigint GENERATED ALWAYS AS IDENTITY,
    flag        text NOT NULL,                    -- key
    rule        text NOT NULL,                    -- id; '': the fallthrough
    plan        text NOT NULL,                    -- JSON
    progress    text NOT NULL,                    -- JSON; `state` is a member of it too
    state       text NOT NULL CHECK (state IN ('running', 'held', 'paused', 'completed', 'rolled_back', 'turned_off', 'cancelled')),
    attempt     bigint NOT NULL,
    due_at      timestamptz,                      -- the next look; NULL: only a person goes on, or it has ended
    looked_at   timestamptz,
    evidence    text NOT NULL DEFAULT '',         -- JSON, of the last look
    lease_seq   bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    decisions   bigint NOT NULL DEFAULT 0,        -- how many there are
    created_by  text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    version     bigint NOT NULL DEFAULT 1,
    UNIQUE (org_id, rollout_id),
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE,
    CHECK ((state IN ('running', 'held', 'paused')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX rollouts_open ON rollouts (env_id, flag, rule) WHERE ended_at IS NULL;
CREATE INDEX rollouts_due ON rollouts (due_at) WHERE ended_at IS NULL;
CREATE INDEX rollouts_list ON rollouts (env_id, position);
CREATE INDEX rollouts_org ON rollouts (org_id) WHERE ended_at IS NULL;

CREATE TABLE rollout_decisions (
    org_id     text NOT NULL,
    rollout_id text NOT NULL,
    seq        bigint NOT NULL,
    at         timestamptz NOT NULL,
    action     text NOT NULL,
    reason     text NOT NULL,
    detail     text NOT NULL,
    step       bigint NOT NULL,
    evidence   text NOT NULL,                     -- JSON
    PRIMARY KEY (rollout_id, seq),
    FOREIGN KEY (org_id, rollout_id) REFERENCES rollouts (org_id, rollout_id) ON DELETE CASCADE
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['prometheus_sources', 'rollouts', 'rollout_decisions'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = current_setting(''fanion.org_id'', true)) '
                       'WITH CHECK (org_id = current_setting(''fanion.org_id'', true))', t);
    END LOOP;
END $$;
CREATE POLICY lookup ON rollouts TO fanion_lookup USING (true) WITH CHECK (true);
REVOKE ALL ON prometheus_sources, rollouts, rollout_decisions FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON prometheus_sources TO fanion_app;
GRANT SELECT, INSERT, UPDATE ON rollouts TO fanion_app;
GRANT SELECT, INSERT ON rollout_decisions TO fanion_app;
GRANT SELECT, UPDATE ON rollouts TO fanion_lookup;

-- Leases rollouts that are due, of all organisations: nobody else gets them before `until_time`. In what was deleted they wait
-- for a restoration.
CREATE FUNCTION lease_rollouts(at_time timestamptz, until_time timestamptz, at_most integer)
RETURNS TABLE (org_id text, rollout_id text, lease_seq bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    WITH due AS (
        SELECT r.rollout_id FROM rollouts r JOIN environments e USING (org_id, env_id)
        WHERE r.ended_at IS NULL AND r.due_at <= at_time AND (r.lease_until IS NULL OR r.lease_until < at_time)
          AND e.deleted_at IS NULL
        ORDER BY r.due_at LIMIT at_most FOR NO KEY UPDATE OF r SKIP LOCKED)
    UPDATE rollouts r SET lease_seq = r.lease_seq + 1, lease_until = until_time FROM due
    WHERE r.rollout_id = due.rollout_id
    RETURNING r.org_id, r.rollout_id, r.lease_seq
$$;

-- How many rollouts are open, by their state.
CREATE FUNCTION open_rollouts() RETURNS TABLE (state text, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT r.state, count(*) FROM rollouts r WHERE r.ended_at IS NULL GROUP BY r.state
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
