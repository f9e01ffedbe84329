-- A rollout ends when its environment is deleted, alone or with its project or organisation. It is marked in the transaction of
-- the deletion, and so it also ends when the environment is restored before anybody has looked at it.
ALTER TABLE rollouts ADD COLUMN environment_deleted boolean NOT NULL DEFAULT false;

-- It is due at once, and nobody's lease holds any more.
CREATE FUNCTION end_rollouts_of_environment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
BEGIN
    UPDATE rollouts SET environment_deleted = true, due_at = NEW.deleted_at, lease_seq = lease_seq + 1, lease_until = NULL
    WHERE env_id = NEW.env_id AND ended_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER end_rollouts AFTER UPDATE OF deleted_at ON environments FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION end_rollouts_of_environment();

SET LOCAL fanion.deleted = 'shown';
UPDATE rollouts r SET environment_deleted = true, due_at = e.deleted_at FROM environments e
WHERE e.env_id = r.env_id AND e.deleted_at IS NOT NULL AND r.ended_at IS NULL;

-- Also says whether the environment was deleted; what was is leased too.
DROP FUNCTION lease_rollouts(timestamptz, timestamptz, integer);
CREATE FUNCTION lease_rollouts(at_time timestamptz, until_time timestamptz, at_most integer)
RETURNS TABLE (org_id text, rollout_id text, lease_seq bigint, environment_deleted boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    WITH due AS (
        SELECT r.rollout_id FROM rollouts r
        WHERE r.ended_at IS NULL AND r.due_at <= at_time AND (r.lease_until IS NULL OR r.lease_until < at_time)
        ORDER BY r.due_at LIMIT at_most FOR NO KEY UPDATE OF r SKIP LOCKED)
    UPDATE rollouts r SET lease_seq = r.lease_seq + 1, lease_until = until_time FROM due
    WHERE r.rollout_id = due.rollout_id
    RETURNING r.org_id, r.rollout_id, r.lease_seq, r.environment_deleted
$$;

REVOKE ALL ON FUNCTION end_rollouts_of_environment(), lease_rollouts(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the functions; taken back below
ALTER FUNCTION end_rollouts_of_environment() OWNER TO fanion_lookup;
ALTER FUNCTION lease_rollouts(timestamptz, timestamptz, integer) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION lease_rollouts(timestamptz, timestamptz, integer) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
