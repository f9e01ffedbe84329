-- The schema of one Fanion installation.
--
-- Roles (cluster-wide, NOLOGIN; the connecting user is made a member of both):
--   fanion_app     what the control plane works as (SET ROLE after connect). Owns nothing, does not bypass row-level security,
--                  may do only what is granted at the end of this file.
--   fanion_lookup  owns the SECURITY DEFINER functions below and nothing else; sees all tenants through policies of its own.
--                  fanion_app is not a member of it.
-- Row-level security is forced on every table with an org_id: a transaction sees the rows of the organisation named by
-- set_config('fanion.org_id', .., true) and none without it. Cross-tenant questions go through the functions.
--
-- JSON whose number spelling must survive is text, never jsonb. Times are timestamptz. Hashes are bytea.

DO $$
DECLARE r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['fanion_app', 'fanion_lookup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', r);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this cluster was migrated at the same moment
            END;
        END IF;
        IF NOT pg_has_role(current_user, r, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', r, current_user);
        END IF;
    END LOOP;
END $$;

-- The runner has created the schema (for its version table) and set the search_path to it.

-- One row: who we are, and which database that was. `database_identity` changes when the cluster, its timeline or the
-- tables are others than those the last epoch was given out in (distribution.md: a new epoch follows).
CREATE TABLE instance (
    only_one          boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    iss               text NOT NULL,
    epoch             bigint NOT NULL,
    database_identity text NOT NULL,
    updated_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE orgs (
    org_id     text PRIMARY KEY CHECK (org_id ~ '^o_[0-9A-Za-z]+$'),
    key        text NOT NULL UNIQUE,
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint NOT NULL DEFAULT 1
);

-- People belong to any number of organisations: no tenant.
CREATE TABLE users (
    user_id       text PRIMARY KEY CHECK (user_id ~ '^u_[0-9A-Za-z]+$'),
    email         text NOT NULL,
    name          text NOT NULL DEFAULT '',
    password_hash text,                          -- Argon2id in its encoded form; null until the setup token was used
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    disabled_at   timestamptz
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

-- An invitation: whoever holds the token and sets (or knows) the person's password becomes a member with that role. There is
-- no membership before, so a token given out by one organisation never opens another. Presented before a tenant is known.
CREATE TABLE setup_tokens (
    token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    grants_org   text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    grants_role  text NOT NULL CHECK (grants_role IN ('owner', 'admin', 'maintainer', 'developer', 'viewer')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz
);
CREATE INDEX setup_tokens_user ON setup_tokens (user_id);

CREATE TABLE memberships (
    org_id     text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('owner', 'admin', 'maintainer', 'developer', 'viewer')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE refresh_tokens (
    token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
    family       text NOT NULL,                  -- all tokens that follow from one sign-in
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,                    -- presented again after this: the family is revoked
    revoked_at   timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- `subject` is "account:<lower e-mail>" or "address:<peer>"; sign-in waits grow with `failures`.
CREATE TABLE login_failures (
    subject     text PRIMARY KEY,
    failures    integer NOT NULL,
    last_at     timestamptz NOT NULL,
    retry_after timestamptz NOT NULL
);

CREATE TABLE projects (
    project_id text PRIMARY KEY CHECK (project_id ~ '^p_[0-9A-Za-z]+$'),
    org_id     text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    key        text NOT NULL,
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint NOT NULL DEFAULT 1,
    UNIQUE (org_id, key),
    UNIQUE (org_id, project_id)
);

-- Each table below names its organisation too and refers to its parent by (org_id, id), so that a row can never hang under
-- another tenant's parent: foreign keys are checked without row-level security.
CREATE TABLE environments (
    env_id          text PRIMARY KEY CHECK (env_id ~ '^e_[0-9A-Za-z]+$'),
    org_id          text NOT NULL,
    project_id      text NOT NULL,
    key             text NOT NULL,
    name            text NOT NULL,
    protected       boolean NOT NULL DEFAULT false,
    position        integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    -- What is published. The row is locked (FOR UPDATE) by every change of the environment.
    epoch           bigint NOT NULL DEFAULT 0,
    version         bigint NOT NULL DEFAULT 0,   -- 0: nothing published yet
    root            bytea,
    manifest_sha256 bytea,                       -- of the full manifest's bytes at `version`: the next one's `prev`
    UNIQUE (project_id, key),
    UNIQUE (org_id, env_id),
    FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, project_id) ON DELETE CASCADE
);

CREATE TABLE flags (
    flag_id     text PRIMARY KEY CHECK (flag_id ~ '^f_[0-9A-Za-z]+$'),
    org_id      text NOT NULL,
    project_id  text NOT NULL,
    key         text NOT NULL,
    type        text NOT NULL CHECK (type IN ('boolean', 'string', 'number', 'json')),
    name        text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    tags        text[] NOT NULL DEFAULT '{}',
    owner       text NOT NULL DEFAULT '',
    salt        text NOT NULL,
    client      boolean NOT NULL DEFAULT false,
    track       boolean NOT NULL DEFAULT false,
    variations  text NOT NULL,                   -- JSON array
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    deleted_at  timestamptz,                     -- tombstone: the key stays taken
    UNIQUE (project_id, key),
    UNIQUE (org_id, flag_id),
    FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, project_id) ON DELETE CASCADE
);

CREATE TABLE flag_configs (
    flag_id    text NOT NULL,
    env_id     text NOT NULL,
    org_id     text NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    config     text NOT NULL,                    -- JSON: enabled, off, prerequisites, targets, rules, fallthrough
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by text NOT NULL DEFAULT '',
    PRIMARY KEY (flag_id, env_id),
    FOREIGN KEY (org_id, flag_id) REFERENCES flags (org_id, flag_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);
CREATE INDEX flag_configs_env ON flag_configs (env_id);

CREATE TABLE segments (
    segment_id  text PRIMARY KEY CHECK (segment_id ~ '^s_[0-9A-Za-z]+$'),
    org_id      text NOT NULL,
    project_id  text NOT NULL,
    key         text NOT NULL,
    name        text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz,
    UNIQUE (project_id, key),
    UNIQUE (org_id, segment_id),
    FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, project_id) ON DELETE CASCADE
);

CREATE TABLE segment_configs (
    segment_id text NOT NULL,
    env_id     text NOT NULL,
    org_id     text NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    body       text NOT NULL,                    -- JSON
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by text NOT NULL DEFAULT '',
    PRIMARY KEY (segment_id, env_id),
    FOREIGN KEY (org_id, segment_id) REFERENCES segments (org_id, segment_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);
CREATE INDEX segment_configs_env ON segment_configs (env_id);

-- A key without an environment covers its whole project, without a project its whole organisation.
CREATE TABLE api_keys (
    key_id       text PRIMARY KEY CHECK (key_id ~ '^[0-9A-Za-z]{10}$'),
    org_id       text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    project_id   text,
    env_id       text,
    kind         text NOT NULL CHECK (kind IN ('server', 'client', 'relay')),
    name         text NOT NULL DEFAULT '',
    sha256       bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),  -- of the whole key text
    origins      text[] NOT NULL DEFAULT '{}',
    ofrep_minimal boolean NOT NULL DEFAULT false,  -- bulk answers without `metadata` and `eventStreams` at the top
    not_before   timestamptz,
    not_after    timestamptz,
    created_by   text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    revoked_at   timestamptz,
    last_used_at timestamptz,
    CHECK (env_id IS NULL OR project_id IS NOT NULL),
    CHECK (kind = 'relay' OR env_id IS NOT NULL),
    FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, project_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);
CREATE INDEX api_keys_org ON api_keys (org_id);
CREATE INDEX api_keys_env ON api_keys (env_id);

-- The published content of each environment: present items, and what each version changed (deltas are made of these).
CREATE TABLE items (
    env_id   text NOT NULL,
    item_key text NOT NULL,
    org_id   text NOT NULL,
    body     text NOT NULL,
    sha256   bytea NOT NULL,
    version  bigint NOT NULL,                    -- that last changed it
    PRIMARY KEY (env_id, item_key),
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);

CREATE TABLE item_changes (
    env_id   text NOT NULL,
    epoch    bigint NOT NULL,
    version  bigint NOT NULL,
    item_key text NOT NULL,
    org_id   text NOT NULL,
    body     text,                               -- null: the item was removed
    PRIMARY KEY (env_id, epoch, version, item_key),
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);

-- Signed bytes, one row per version: never updated, so (epoch, version) is never given out twice.
CREATE TABLE manifests (
    env_id         text NOT NULL,
    epoch          bigint NOT NULL,
    version        bigint NOT NULL,
    org_id         text NOT NULL,
    root           bytea NOT NULL,
    items          bigint NOT NULL,
    bytes          bigint NOT NULL,
    full_line0     text NOT NULL,
    full_manifest  text NOT NULL,
    delta_line0    text,                         -- null: no delta from the version before (first of an epoch)
    delta_manifest text,
    issued_at      timestamptz NOT NULL,
    PRIMARY KEY (env_id, epoch, version),
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);

-- Written in the change's own transaction. `seq` is not gap-free and not in commit order: whoever follows changes reads by
-- (env_id, epoch, version).
CREATE TABLE outbox (
    seq        bigserial PRIMARY KEY,
    org_id     text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    env_id     text,
    epoch      bigint,
    version    bigint,
    kind       text NOT NULL,
    payload    text NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_org ON outbox (org_id, seq);

-- Hash chain per organisation: hash = SHA-256(prev_hash || canonical). Append-only for fanion_app.
CREATE TABLE audit (
    org_id        text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    seq           bigint NOT NULL,
    id            text NOT NULL UNIQUE,
    at            timestamptz NOT NULL,
    actor_kind    text NOT NULL,
    actor_id      text NOT NULL,
    credential_id text NOT NULL DEFAULT '',
    action        text NOT NULL,
    resource      text NOT NULL,
    before        text,
    after         text,
    comment       text NOT NULL DEFAULT '',
    request_id    text NOT NULL DEFAULT '',
    peer          text NOT NULL DEFAULT '',
    canonical     text NOT NULL,
    prev_hash     bytea NOT NULL,
    hash          bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (org_id, seq)
);
CREATE INDEX audit_resource ON audit (org_id, resource, seq);

-- What each relay last said about each environment.
CREATE TABLE relay_status (
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    relay_id    text NOT NULL,
    env_id      text NOT NULL,
    boot_id     text NOT NULL DEFAULT '',
    build       text NOT NULL DEFAULT '',
    epoch       bigint NOT NULL DEFAULT 0,
    version     bigint NOT NULL DEFAULT 0,
    root        text NOT NULL DEFAULT '',
    state       text NOT NULL,
    code        text NOT NULL DEFAULT '',
    detail      text NOT NULL DEFAULT '',
    reported_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, relay_id, env_id)
);

-- Ids of the batches whose effects are in the tables below: a repeated one changes nothing.
CREATE TABLE event_batches (
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    batch_id    text NOT NULL,
    relay_id    text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, batch_id)
);
CREATE INDEX event_batches_age ON event_batches (received_at);

CREATE TABLE evaluation_counts (
    org_id    text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    env_id    text NOT NULL,
    flag      text NOT NULL,
    variation text NOT NULL,
    version   bigint NOT NULL,
    reason    text NOT NULL,
    sdk       text NOT NULL,
    minute    timestamptz NOT NULL,
    n         bigint NOT NULL,
    PRIMARY KEY (org_id, env_id, flag, minute, variation, version, reason, sdk)
);

-- What relays say they gave up: kind is counts, exposures or metrics.
CREATE TABLE relay_drops (
    org_id   text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    relay_id text NOT NULL,
    kind     text NOT NULL,
    n        bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, relay_id, kind)
);

-- Row-level security, the same on every table with a tenant.
DO $$
DECLARE t text;
BEGIN
    FOR t IN
        SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
        WHERE c.table_schema = 'fanion' AND c.column_name = 'org_id' AND table_type = 'BASE TABLE'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = current_setting(''fanion.org_id'', true)) '
                       'WITH CHECK (org_id = current_setting(''fanion.org_id'', true))', t);
        EXECUTE format('CREATE POLICY lookup ON %I TO fanion_lookup USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- Cross-tenant questions ------------------------------------------------------------------------------------------------

-- The key a credential stands for, whatever its state: the caller judges validity and revocation.
CREATE FUNCTION find_api_key(hash bytea)
RETURNS TABLE (key_id text, org_id text, org_key text, project_id text, project_key text, env_id text, env_key text,
               kind text, not_before timestamptz, not_after timestamptz, revoked_at timestamptz, origins text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT k.key_id, k.org_id, o.key, k.project_id, p.key, k.env_id, e.key, k.kind, k.not_before, k.not_after, k.revoked_at,
           k.origins
    FROM api_keys k
    JOIN orgs o USING (org_id)
    LEFT JOIN projects p ON p.project_id = k.project_id
    LEFT JOIN environments e ON e.env_id = k.env_id
    WHERE k.sha256 = hash
$$;

-- Where a person belongs.
CREATE FUNCTION orgs_of_user(of_user text)
RETURNS TABLE (org_id text, key text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT o.org_id, o.key, o.name, m.role FROM memberships m JOIN orgs o USING (org_id) WHERE m.user_id = of_user ORDER BY o.key
$$;

-- The organisation of a key, for the bootstrap of the first owner.
CREATE FUNCTION org_of_key(of_key text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT org_id FROM orgs WHERE key = of_key
$$;

CREATE FUNCTION owner_exists() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT EXISTS (SELECT FROM memberships WHERE role = 'owner')
$$;

-- Every environment with its published version: what a replica starts with and what its poll compares.
CREATE FUNCTION feed_environments()
RETURNS TABLE (env_id text, org_id text, org_key text, project_id text, project_key text, env_key text, epoch bigint,
               version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.epoch, e.version
    FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id)
    ORDER BY e.env_id
$$;

-- Signed versions of one environment after (epoch, version), in order.
CREATE FUNCTION feed_manifests(of_env text, after_epoch bigint, after_version bigint, at_most integer)
RETURNS SETOF manifests
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT * FROM manifests
    WHERE env_id = of_env AND (epoch, version) > (after_epoch, after_version)
    ORDER BY epoch, version LIMIT at_most
$$;

-- What versions from (exclusive) to (inclusive) of one epoch changed, in order of version.
CREATE FUNCTION feed_item_changes(of_env text, of_epoch bigint, after_version bigint, to_version bigint)
RETURNS TABLE (version bigint, item_key text, body text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT version, item_key, body FROM item_changes
    WHERE env_id = of_env AND epoch = of_epoch AND version > after_version AND version <= to_version
    ORDER BY version, item_key COLLATE "C"
$$;

-- All present items of one environment.
CREATE FUNCTION feed_items(of_env text)
RETURNS TABLE (item_key text, body text, sha256 bytea, version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT item_key, body, sha256, version FROM items WHERE env_id = of_env ORDER BY item_key COLLATE "C"
$$;

-- The highest epoch that was ever given out here or that any relay reported.
CREATE FUNCTION highest_epoch() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT greatest((SELECT coalesce(max(epoch), 0) FROM relay_status), (SELECT coalesce(max(epoch), 0) FROM environments),
                    (SELECT coalesce(max(epoch), 0) FROM instance))
$$;

-- Which database this is: cluster, timeline, database and the table itself (a dump that is restored makes new tables).
CREATE FUNCTION database_identity() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
                     (SELECT timeline_id FROM pg_control_checkpoint()),
                     (SELECT oid FROM pg_database WHERE datname = current_database()),
                     'instance'::regclass::oid)
$$;

-- What has served its time: called now and then by any replica. History of at least 1,000 versions per environment stays.
CREATE FUNCTION purge_expired() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM event_batches WHERE received_at < now() - interval '7 days';
    DELETE FROM refresh_tokens WHERE expires_at < now() - interval '7 days';
    DELETE FROM setup_tokens WHERE expires_at < now() - interval '7 days';
    DELETE FROM login_failures WHERE last_at < now() - interval '1 day';
    DELETE FROM outbox WHERE created_at < now() - interval '7 days';
    DELETE FROM item_changes c USING environments e
        WHERE c.env_id = e.env_id AND (c.epoch < e.epoch OR c.version <= e.version - 2000);
    DELETE FROM manifests m USING environments e
        WHERE m.env_id = e.env_id AND (m.epoch, m.version) < (e.epoch, e.version)
          AND (m.epoch < e.epoch OR m.version <= e.version - 2000);
$$;

-- Grants ----------------------------------------------------------------------------------------------------------------

REVOKE ALL ON SCHEMA fanion FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA fanion FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA fanion FROM PUBLIC;
GRANT USAGE ON SCHEMA fanion TO fanion_app, fanion_lookup;
GRANT SELECT ON schema_migrations TO fanion_app;
GRANT SELECT, INSERT, UPDATE ON instance, orgs, users TO fanion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON setup_tokens, memberships, refresh_tokens, login_failures, projects, environments,
    flags, flag_configs, segments, segment_configs, api_keys, items, relay_status, relay_drops TO fanion_app;
GRANT SELECT, INSERT ON item_changes, manifests, outbox, audit, event_batches TO fanion_app;
GRANT SELECT, INSERT, UPDATE ON evaluation_counts TO fanion_app;
GRANT USAGE ON SEQUENCE outbox_seq_seq TO fanion_app;

GRANT SELECT ON ALL TABLES IN SCHEMA fanion TO fanion_lookup;
GRANT DELETE ON event_batches, refresh_tokens, setup_tokens, login_failures, outbox, item_changes, manifests TO fanion_lookup;

DO $$
DECLARE f regprocedure;
BEGIN
    GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the functions; taken back below
    FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'fanion'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO fanion_lookup', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO fanion_app', f);
    END LOOP;
    REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
END $$;
