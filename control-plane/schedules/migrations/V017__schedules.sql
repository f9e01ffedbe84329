-- Changes at a time, or repeating. A replica that carries one out locks its row, makes the change and moves the row on in
-- one transaction: each time is carried out once, whichever replicas there are and whenever they end.
CREATE TABLE schedules (
    schedule_id text PRIMARY KEY CHECK (schedule_id ~ '^sc_[0-9A-Za-z]+$'),
    org_id      text NOT NULL,
    env_id      text NOT NULL,
    number      bigint GENERATED ALWAYS AS IDENTITY,
    name        text NOT NULL,
    change      text NOT NULL,              -- JSON
    repeat      text,                       -- JSON; null: once
    creator     text NOT NULL,              -- JSON: with whose permissions it runs
    state       text NOT NULL CHECK (state IN ('active', 'done', 'failed', 'cancelled')),
    due_at      timestamptz NOT NULL,
    retry_at    timestamptz,                -- after a failure that may pass
    failures    integer NOT NULL DEFAULT 0, -- since it last worked
    last_run_at timestamptz,
    last_error  text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);
CREATE INDEX schedules_env ON schedules (env_id, number);
CREATE INDEX schedules_due ON schedules (coalesce(retry_at, due_at)) WHERE state = 'active';
CREATE INDEX schedules_active ON schedules (org_id) WHERE state = 'active';

ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON schedules USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON schedules TO fanion_lookup USING (true) WITH CHECK (true);
REVOKE ALL ON schedules FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON schedules TO fanion_app;
GRANT SELECT ON schedules TO fanion_lookup;

-- Of all organisations, those that are due, the longest first. In what was deleted they wait for a restoration.
CREATE FUNCTION due_schedules(at_time timestamptz, at_most integer)
RETURNS TABLE (org_id text, org_key text, schedule_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.org_id, o.key, s.schedule_id
    FROM schedules s JOIN orgs o USING (org_id) JOIN environments e USING (org_id, env_id)
    WHERE s.state = 'active' AND e.deleted_at IS NULL AND coalesce(s.retry_at, s.due_at) <= at_time
    ORDER BY coalesce(s.retry_at, s.due_at), s.schedule_id LIMIT at_most
$$;
-- How many wait for their time, and how many are due, since when.
CREATE FUNCTION schedule_backlog(at_time timestamptz) RETURNS TABLE (active bigint, due bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT count(*), count(*) FILTER (WHERE coalesce(retry_at, due_at) <= at_time),
           min(due_at) FILTER (WHERE coalesce(retry_at, due_at) <= at_time)
    FROM schedules s JOIN environments e USING (org_id, env_id) WHERE state = 'active' AND e.deleted_at IS NULL
$$;

REVOKE ALL ON FUNCTION due_schedules(timestamptz, integer), schedule_backlog(timestamptz) FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the functions; taken back below
ALTER FUNCTION due_schedules(timestamptz, integer) OWNER TO fanion_lookup;
ALTER FUNCTION schedule_backlog(timestamptz) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION due_schedules(timestamptz, integer), schedule_backlog(timestamptz) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
