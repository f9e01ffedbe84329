-- What is handed on to other systems (docs/events.md, "Sinks"). A sink is named by the program's options; its row tells which
-- process delivers to it.
CREATE TABLE sinks (
    sink         text PRIMARY KEY,
    leased_by    text NOT NULL,
    leased_until timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON sinks TO fanion_app;

-- Batches that wait for a sink: written in the transaction that stores the batch, deleted when the sink has it. A row is
-- delivered because it is there, not because it is behind a cursor: transactions do not commit in the order of positions.
CREATE TABLE sink_outbox (
    sink        text NOT NULL,
    position    bigint GENERATED ALWAYS AS IDENTITY,
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    batch_id    text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    encoding    text NOT NULL,     -- of the body: a content encoding
    unpacked    bigint NOT NULL,   -- bytes of the body without it
    bytes       bigint NOT NULL GENERATED ALWAYS AS (octet_length(body)) STORED,
    body        bytea NOT NULL,    -- the batch as its relay sent it
    PRIMARY KEY (sink, position) INCLUDE (bytes, received_at)
);
CREATE INDEX sink_outbox_org ON sink_outbox (org_id);

ALTER TABLE sink_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE sink_outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sink_outbox USING (org_id = (SELECT current_setting('fanion.org_id', true)))
    WITH CHECK (org_id = (SELECT current_setting('fanion.org_id', true)));
CREATE POLICY lookup ON sink_outbox TO fanion_lookup USING (true) WITH CHECK (true);
REVOKE ALL ON sink_outbox FROM PUBLIC;
GRANT SELECT, INSERT ON sink_outbox TO fanion_app;
GRANT SELECT, DELETE ON sink_outbox TO fanion_lookup;

-- The first batches that wait for a sink: as many as unpack to about `most_bytes` in all, and at least one.
CREATE FUNCTION next_sink_batches(name text, at_most integer, most_bytes bigint)
RETURNS TABLE ("position" bigint, org_id text, batch_id text, received_at timestamptz, encoding text, body bytea)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = fanion, pg_temp AS $$
    SELECT b.position, b.org_id, b.batch_id, b.received_at, b.encoding, b.body
    FROM (SELECT f.*, sum(f.unpacked) OVER (ORDER BY f.position) - f.unpacked AS before
          FROM (SELECT o.* FROM sink_outbox o WHERE o.sink = name ORDER BY o.position LIMIT at_most) f) b
    WHERE b.before < most_bytes ORDER BY b.position
$$;

-- The keys of environments, of deleted ones too, until they are purged.
CREATE FUNCTION sink_environments(env_ids text[])
RETURNS TABLE (env_id text, org_key text, project_key text, env_key text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = fanion, pg_temp AS $$
    SELECT e.env_id, o.key, p.key, e.key
    FROM environments e JOIN projects p USING (org_id, project_id) JOIN orgs o USING (org_id)
    WHERE e.env_id = ANY (env_ids)
$$;

CREATE FUNCTION delete_sink_batches(name text, positions bigint[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM sink_outbox WHERE sink = name AND position = ANY (positions)
$$;

-- Gives up the oldest batches that wait for a sink, as long as all of them have more than `most_bytes`, and those that have
-- waited for so many days. How many.
CREATE FUNCTION trim_sink_outbox(name text, most_bytes bigint, days integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    WITH given_up AS (
        DELETE FROM sink_outbox
        WHERE sink = name
          AND (position <= (SELECT max(position) FROM (
                   SELECT position, sum(bytes) OVER (ORDER BY position DESC) AS kept FROM sink_outbox WHERE sink = name) s
               WHERE kept > most_bytes)
               OR received_at < now() - make_interval(days => days))
        RETURNING 1)
    SELECT count(*) FROM given_up
$$;

CREATE FUNCTION sink_backlog(name text) RETURNS TABLE (batches bigint, bytes bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = fanion, pg_temp AS $$
    SELECT count(*), coalesce(sum(o.bytes), 0)::bigint,
           coalesce(extract(epoch FROM now() - min(o.received_at)), 0)::double precision
    FROM sink_outbox o WHERE o.sink = name
$$;

-- Forgets what waits for sinks that no process delivers to any more.
CREATE FUNCTION purge_sinks(days integer) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM sink_outbox WHERE received_at < now() - make_interval(days => days)
$$;

DO $$
DECLARE f regprocedure;
BEGIN
    GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the functions; taken back below
    FOREACH f IN ARRAY ARRAY['next_sink_batches(text, integer, bigint)', 'sink_environments(text[])',
                             'delete_sink_batches(text, bigint[])', 'trim_sink_outbox(text, bigint, integer)',
                             'sink_backlog(text)', 'purge_sinks(integer)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('ALTER FUNCTION %s OWNER TO fanion_lookup', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO fanion_app', f);
    END LOOP;
    REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
END $$;
