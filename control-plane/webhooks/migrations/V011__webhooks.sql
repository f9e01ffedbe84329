-- Webhooks: what is sent to whom. A row of `audit` is an event: the trigger below notes it in the transaction that inserts it,
-- which holds the organisation's row, so that events of an organisation are committed in the order of `seq`. A replica turns
-- events into deliveries, one for each webhook whose filter they pass, in that order.

-- URL and secrets are sealed by the program (base/sealing.hpp): URLs of Slack and Teams are credentials.
CREATE TABLE webhooks (
    webhook_id      text PRIMARY KEY CHECK (webhook_id ~ '^wh_[0-9A-Za-z]+$'),
    org_id          text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    name            text NOT NULL DEFAULT '',
    url             bytea NOT NULL,
    secret          bytea NOT NULL,
    previous_secret bytea,                        -- signs too until previous_until
    previous_until  timestamptz,
    template        text NOT NULL CHECK (template IN ('generic', 'slack', 'teams')),
    enabled         boolean NOT NULL DEFAULT true,
    event_types     text[] NOT NULL DEFAULT '{}',
    projects        text[] NOT NULL DEFAULT '{}',
    environments    text[] NOT NULL DEFAULT '{}',
    failing_since   timestamptz,                  -- no attempt has succeeded since
    disabled_reason text CHECK (disabled_reason IN ('gone', 'failing')),
    disabled_at     timestamptz,
    created_by      text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint NOT NULL DEFAULT 1,
    UNIQUE (org_id, webhook_id),
    CHECK ((previous_secret IS NULL) = (previous_until IS NULL)),
    CHECK (NOT enabled OR disabled_reason IS NULL)
);

-- Events that no replica has turned into deliveries yet. The entry itself is in `audit`.
CREATE TABLE webhook_events (
    org_id text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    seq    bigint NOT NULL,
    PRIMARY KEY (org_id, seq)
);

CREATE SEQUENCE webhook_position;

-- One message to one webhook: queue, log and dead letters. Of the deliveries of one webhook and order_key that are not yet
-- delivered or dead, only the one with the lowest position is attempted.
CREATE TABLE webhook_deliveries (
    delivery_id      text PRIMARY KEY CHECK (delivery_id ~ '^msg_[0-9A-Za-z]+$'),  -- the message's id
    org_id           text NOT NULL,
    webhook_id       text NOT NULL,
    position         bigint NOT NULL DEFAULT nextval('webhook_position'),
    event_type       text NOT NULL,
    resource         text NOT NULL,
    order_key        text NOT NULL,
    body             text NOT NULL,
    state            text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'failed', 'delivered', 'dead')),
    attempts         integer NOT NULL DEFAULT 0,   -- since it was queued, as the next two
    first_attempt_at timestamptz,
    due_at           timestamptz NOT NULL,
    leased_by        text,                         -- one attempt of one replica
    leased_until     timestamptz,
    created_at       timestamptz NOT NULL,
    ended_at         timestamptz,                  -- delivered or dead
    FOREIGN KEY (org_id, webhook_id) REFERENCES webhooks (org_id, webhook_id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state IN ('pending', 'failed');
CREATE INDEX webhook_deliveries_order ON webhook_deliveries (webhook_id, order_key, position)
    WHERE state IN ('pending', 'failed');
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (webhook_id, position);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries USING brin (created_at);

CREATE TABLE webhook_attempts (
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    delivery_id text NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
    attempt_id  bigint GENERATED ALWAYS AS IDENTITY,
    started_at  timestamptz NOT NULL,
    took_ms     bigint NOT NULL,
    status      integer NOT NULL,                 -- of the response; 0: there was none
    error       text NOT NULL DEFAULT '',
    response    text NOT NULL DEFAULT '',         -- the beginning of its body
    PRIMARY KEY (delivery_id, attempt_id)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['webhooks', 'webhook_events', 'webhook_deliveries', 'webhook_attempts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = current_setting(''fanion.org_id'', true)) '
                       'WITH CHECK (org_id = current_setting(''fanion.org_id'', true))', t);
        EXECUTE format('CREATE POLICY lookup ON %I TO fanion_lookup USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
REVOKE ALL ON webhooks, webhook_events, webhook_deliveries, webhook_attempts FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks, webhook_events TO fanion_app;
GRANT SELECT, INSERT, UPDATE ON webhook_deliveries TO fanion_app;
GRANT SELECT, INSERT ON webhook_attempts TO fanion_app;
GRANT USAGE ON SEQUENCE webhook_position TO fanion_app;
GRANT SELECT, UPDATE, DELETE ON webhooks, webhook_deliveries TO fanion_lookup;
GRANT SELECT, DELETE ON webhook_events, webhook_attempts TO fanion_lookup;

-- A trigger, so that whatever writes an audit entry also writes the event. It adds nothing to changes of organisations
-- without webhooks but one look into an index.
CREATE INDEX webhooks_enabled ON webhooks (org_id) WHERE enabled;
CREATE FUNCTION note_webhook_event() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM webhooks WHERE org_id = NEW.org_id AND enabled) THEN
        INSERT INTO webhook_events (org_id, seq) VALUES (NEW.org_id, NEW.seq);
    END IF;
    RETURN NULL;
END $$;
GRANT INSERT ON webhook_events TO fanion_lookup;
CREATE TRIGGER note_webhook_event AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION note_webhook_event();

-- Organisations with events that are not deliveries yet.
CREATE FUNCTION webhook_event_orgs(at_most integer) RETURNS TABLE (org_id text, org_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, o.key FROM orgs o WHERE EXISTS (SELECT FROM webhook_events e WHERE e.org_id = o.org_id)
    ORDER BY (SELECT min(seq) FROM webhook_events e WHERE e.org_id = o.org_id), o.org_id LIMIT at_most
$$;

-- Leases deliveries that are due until `until_time`: nobody else gets them before. At most `per_webhook` of one webhook,
-- counting the attempts under way: `busy` has the webhook of each.
CREATE FUNCTION lease_webhook_deliveries(at_time timestamptz, until_time timestamptz, holder text, at_most integer,
                                         per_webhook integer, busy text[])
RETURNS TABLE (delivery_id text, org_id text, webhook_id text, event_type text, body text, state text, attempts integer,
               first_attempt_at timestamptz, due_at timestamptz, url bytea, secret bytea, previous_secret bytea,
               previous_until timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    WITH due AS (
        SELECT d.delivery_id, d.webhook_id, d.due_at, row_number() OVER (PARTITION BY d.webhook_id ORDER BY d.due_at, d.position) AS place
        FROM webhook_deliveries d JOIN webhooks w USING (org_id, webhook_id)
        WHERE d.state IN ('pending', 'failed') AND d.due_at <= at_time AND w.enabled
          AND (d.leased_until IS NULL OR d.leased_until <= at_time)
          AND NOT EXISTS (SELECT FROM webhook_deliveries e
                          WHERE e.webhook_id = d.webhook_id AND e.order_key = d.order_key AND e.position < d.position
                            AND e.state IN ('pending', 'failed'))),
    free AS (
        SELECT d.delivery_id FROM webhook_deliveries d
        WHERE d.delivery_id IN (
                SELECT due.delivery_id FROM due
                WHERE due.place + (SELECT count(*) FROM unnest(busy) AS b (id) WHERE b.id = due.webhook_id) <= per_webhook
                ORDER BY due.due_at LIMIT at_most)
          AND d.state IN ('pending', 'failed') AND (d.leased_until IS NULL OR d.leased_until <= at_time)
        FOR NO KEY UPDATE SKIP LOCKED),
    leased AS (
        UPDATE webhook_deliveries d SET leased_by = holder, leased_until = until_time
        FROM free WHERE d.delivery_id = free.delivery_id
        RETURNING d.*)
    SELECT l.delivery_id, l.org_id, l.webhook_id, l.event_type, l.body, l.state, l.attempts, l.first_attempt_at, l.due_at,
           w.url, w.secret, w.previous_secret, w.previous_until
    FROM leased l JOIN webhooks w USING (org_id, webhook_id) ORDER BY l.due_at, l.position
$$;

-- How many deliveries wait, and since when the oldest is due.
CREATE FUNCTION webhook_backlog() RETURNS TABLE (waiting bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT count(*), min(d.due_at) FROM webhook_deliveries d JOIN webhooks w USING (org_id, webhook_id)
    WHERE d.state IN ('pending', 'failed') AND w.enabled
$$;

-- Deletes what ended, or waits for a disabled webhook, for so many days; about `at_most` rows in one call, which is to be
-- repeated until it returns 0. Forgets secrets that no longer sign.
CREATE FUNCTION purge_webhooks(log_days integer, at_most integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
DECLARE
    deleted bigint;
BEGIN
    UPDATE webhooks SET previous_secret = NULL, previous_until = NULL WHERE previous_until < now();
    DELETE FROM webhook_deliveries WHERE delivery_id = ANY (ARRAY(
        SELECT d.delivery_id FROM webhook_deliveries d JOIN webhooks w USING (org_id, webhook_id)
        WHERE d.created_at < now() - make_interval(days => log_days)
          AND coalesce(d.ended_at, d.created_at) < now() - make_interval(days => log_days)
          AND (d.state IN ('delivered', 'dead') OR NOT w.enabled)
        LIMIT at_most));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END $$;

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
