-- Past rulesets. A past version is put together from the present items and item_changes: of each item that was changed
-- after it, the newest change up to it. So the purge must leave that change behind, however old it is.

-- What a version changed, found by item.
CREATE INDEX item_changes_item ON item_changes (env_id, item_key, epoch, version);

-- The change that made a version. None: the control plane made it by itself, as the first of an epoch. Not in `manifests`,
-- whose rows are what was signed.
CREATE TABLE version_authors (
    env_id     text NOT NULL,
    epoch      bigint NOT NULL,
    version    bigint NOT NULL,
    org_id     text NOT NULL,
    actor_kind text NOT NULL,
    actor_id   text NOT NULL,
    action     text NOT NULL,
    comment    text NOT NULL,
    audit_id   text NOT NULL,                    -- of the audit entry, which may have been deleted since
    PRIMARY KEY (env_id, epoch, version),
    FOREIGN KEY (env_id, epoch, version) REFERENCES manifests ON DELETE CASCADE
);
ALTER TABLE version_authors ENABLE ROW LEVEL SECURITY;
ALTER TABLE version_authors FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON version_authors USING (org_id = current_setting('fanion.org_id', true))
    WITH CHECK (org_id = current_setting('fanion.org_id', true));
CREATE POLICY lookup ON version_authors TO fanion_lookup USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON version_authors TO fanion_app;
GRANT SELECT ON version_authors TO fanion_lookup;

-- Items whose last change was purged: from here on each item has one. Epoch 0 comes before all others.
ALTER TABLE items NO FORCE ROW LEVEL SECURITY;  -- for the owner, who is not a superuser everywhere
ALTER TABLE item_changes NO FORCE ROW LEVEL SECURITY;
INSERT INTO item_changes (env_id, epoch, version, item_key, org_id, body)
    SELECT env_id, 0, version, item_key, org_id, body FROM items i
    WHERE NOT EXISTS (SELECT FROM item_changes c
                      WHERE c.env_id = i.env_id AND c.item_key = i.item_key AND c.version = i.version);
ALTER TABLE items FORCE ROW LEVEL SECURITY;
ALTER TABLE item_changes FORCE ROW LEVEL SECURITY;

-- Versions have a purge of their own, below.
CREATE OR REPLACE FUNCTION purge_expired() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM event_batches WHERE received_at < now() - interval '7 days';
    DELETE FROM outbox WHERE created_at < now() - interval '7 days';
    -- Last: people who sign in wait for these rows.
    DELETE FROM refresh_tokens WHERE expires_at < now() - interval '7 days';
    DELETE FROM invitations WHERE expires_at < now() - interval '7 days';
    DELETE FROM password_resets WHERE expires_at < now() - interval '7 days';
    DELETE FROM sign_in_failures WHERE last_at < now() - interval '1 day';
    DELETE FROM sign_in_addresses WHERE last_at < now() - interval '90 days';
$$;

-- Deletes versions of every environment beyond its newest `at_most`, whatever their epochs. With `days`, also those that
-- were replaced longer ago, but never one of the newest 1,001, which deltas are made from. Returns how many were deleted.
CREATE FUNCTION purge_versions(at_most bigint, days integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
DECLARE
    deleted bigint := 0;
    n bigint;
    e text;
    oldest record;
BEGIN
    FOR e IN SELECT env_id FROM environments LOOP
        CONTINUE WHEN (SELECT count(*) FROM manifests WHERE env_id = e) <= least(at_most, 1001);
        WITH newest AS (SELECT epoch, version, issued_at, row_number() OVER (ORDER BY epoch DESC, version DESC) AS place
                        FROM manifests WHERE env_id = e),
             kept AS (SELECT least(at_most, max(place), CASE WHEN days > 0 THEN greatest(1001, coalesce(
                          min(place) FILTER (WHERE issued_at <= now() - make_interval(days => days)), max(place))) END) AS place
                      FROM newest)
        SELECT epoch, version INTO oldest FROM newest JOIN kept USING (place);
        CONTINUE WHEN NOT EXISTS (SELECT FROM manifests WHERE env_id = e AND (epoch, version) < (oldest.epoch, oldest.version));
        -- What follows from a newer change, up to the oldest version that stays.
        DELETE FROM item_changes c
        WHERE c.env_id = e AND (c.epoch, c.version) <= (oldest.epoch, oldest.version)
          AND ((c.body IS NULL AND (c.epoch, c.version) < (oldest.epoch, oldest.version))
               OR EXISTS (SELECT FROM item_changes newer
                          WHERE newer.env_id = e AND newer.item_key = c.item_key
                            AND (newer.epoch, newer.version) > (c.epoch, c.version)
                            AND (newer.epoch, newer.version) <= (oldest.epoch, oldest.version)));
        DELETE FROM manifests WHERE env_id = e AND (epoch, version) < (oldest.epoch, oldest.version);
        GET DIAGNOSTICS n = ROW_COUNT;
        deleted := deleted + n;
    END LOOP;
    RETURN deleted;
END $$;

REVOKE ALL ON FUNCTION purge_versions(bigint, integer) FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;
ALTER FUNCTION purge_versions(bigint, integer) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION purge_versions(bigint, integer) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
