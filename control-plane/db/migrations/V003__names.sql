-- Tables and columns take the names that the programs, the API and the documents use. No row changes. Grants, policies,
-- foreign keys and triggers follow a renamed table by themselves; functions hold their text and are replaced.

-- Invitations: their tokens are what POST /auth/setup takes.
ALTER TABLE setup_tokens RENAME TO invitations;
ALTER TABLE invitations RENAME CONSTRAINT setup_tokens_pkey TO invitations_pkey;
ALTER TABLE invitations RENAME CONSTRAINT setup_tokens_token_sha256_check TO invitations_token_sha256_check;
ALTER TABLE invitations RENAME CONSTRAINT setup_tokens_grants_role_check TO invitations_grants_role_check;
ALTER TABLE invitations RENAME CONSTRAINT setup_tokens_user_id_fkey TO invitations_user_id_fkey;
ALTER TABLE invitations RENAME CONSTRAINT setup_tokens_grants_org_fkey TO invitations_grants_org_fkey;
ALTER INDEX setup_tokens_user RENAME TO invitations_user;

-- A session is what one sign-in starts. All of its refresh tokens have its id.
ALTER TABLE refresh_tokens RENAME COLUMN family TO session_id;
ALTER INDEX refresh_tokens_family RENAME TO refresh_tokens_session;

-- Failures of signing in, at /auth/login as at /auth/setup.
ALTER TABLE login_failures RENAME TO sign_in_failures;
ALTER TABLE sign_in_failures RENAME CONSTRAINT login_failures_pkey TO sign_in_failures_pkey;

-- Who belongs to the segment in one environment, as JSON: included, excluded, rules.
ALTER TABLE segment_configs RENAME COLUMN body TO members;

-- Environments are deleted, like flags and segments.
ALTER TABLE removed_environments RENAME TO deleted_environments;
ALTER TABLE deleted_environments RENAME CONSTRAINT removed_environments_pkey TO deleted_environments_pkey;
ALTER TABLE deleted_environments RENAME COLUMN removed_at TO deleted_at;
ALTER TRIGGER keep_removed ON environments RENAME TO keep_deleted;
ALTER FUNCTION keep_removed_environment() RENAME TO keep_deleted_environment;

ALTER TABLE instance RENAME COLUMN only_one TO singleton;
ALTER TABLE instance RENAME CONSTRAINT instance_only_one_check TO instance_singleton_check;

-- Replaced functions keep their owner (fanion_lookup) and their grants.

-- Before the row is deleted: its manifests are deleted with it. No relay has ever held an environment that was never published.
CREATE OR REPLACE FUNCTION keep_deleted_environment() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
BEGIN
    INSERT INTO deleted_environments (env_id, org_id, full_manifest)
    SELECT env_id, org_id, full_manifest FROM manifests WHERE env_id = OLD.env_id ORDER BY epoch DESC, version DESC LIMIT 1;
    RETURN OLD;
END $$;

-- Deletes expired rows. Any replica calls it periodically. At least 1,000 versions of each environment are kept.
CREATE OR REPLACE FUNCTION purge_expired() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM event_batches WHERE received_at < now() - interval '7 days';
    DELETE FROM refresh_tokens WHERE expires_at < now() - interval '7 days';
    DELETE FROM invitations WHERE expires_at < now() - interval '7 days';
    DELETE FROM sign_in_failures WHERE last_at < now() - interval '1 day';
    DELETE FROM outbox WHERE created_at < now() - interval '7 days';
    DELETE FROM item_changes c USING environments e
        WHERE c.env_id = e.env_id AND (c.epoch < e.epoch OR c.version <= e.version - 2000);
    DELETE FROM manifests m USING environments e
        WHERE m.env_id = e.env_id AND (m.epoch, m.version) < (e.epoch, e.version)
          AND (m.epoch < e.epoch OR m.version <= e.version - 2000);
$$;
