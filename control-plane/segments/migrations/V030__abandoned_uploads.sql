-- Uploads that nobody applied are removed by the daily purge too, not only by later uploads of the organisation.
CREATE INDEX segment_uploads_created ON segment_uploads (created_at);
CREATE POLICY lookup ON segment_uploads TO fanion_lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup ON segment_upload_parts TO fanion_lookup USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON segment_uploads, segment_upload_parts TO fanion_lookup;

-- The replaced function keeps its owner (fanion_lookup) and its grants.
CREATE OR REPLACE FUNCTION purge_expired() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM event_batches WHERE received_at < now() - interval '7 days';
    DELETE FROM outbox WHERE created_at < now() - interval '7 days';
    DELETE FROM segment_uploads WHERE created_at < now() - interval '1 day';
    -- Last: people who sign in wait for these rows.
    DELETE FROM refresh_tokens WHERE expires_at < now() - interval '7 days';
    DELETE FROM invitations WHERE expires_at < now() - interval '7 days';
    DELETE FROM password_resets WHERE expires_at < now() - interval '7 days';
    DELETE FROM sign_in_failures WHERE last_at < now() - interval '1 day';
    DELETE FROM sign_in_addresses WHERE last_at < now() - interval '90 days';
$$;
