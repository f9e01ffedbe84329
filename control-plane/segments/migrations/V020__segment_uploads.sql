-- Files of values that are larger than the body of a request: their parts are kept until they are applied to a list of a
-- segment as one change. Expired ones are removed by later uploads of the organisation.
CREATE TABLE segment_uploads (
    upload_id  text PRIMARY KEY CHECK (upload_id ~ '^up_[0-9A-Za-z]+$'),
    org_id     text NOT NULL,
    segment_id text NOT NULL,
    env_id     text NOT NULL,
    format     text NOT NULL CHECK (format IN ('csv', 'lines')),
    created_by text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    UNIQUE (org_id, upload_id),
    FOREIGN KEY (org_id, segment_id) REFERENCES segments (org_id, segment_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, env_id) REFERENCES environments (org_id, env_id) ON DELETE CASCADE
);
CREATE INDEX segment_uploads_age ON segment_uploads (org_id, created_at);
CREATE INDEX segment_uploads_segment ON segment_uploads (org_id, segment_id);
CREATE INDEX segment_uploads_env ON segment_uploads (org_id, env_id);

CREATE TABLE segment_upload_parts (
    org_id    text NOT NULL,
    upload_id text NOT NULL,
    part      integer NOT NULL CHECK (part >= 1),
    content   bytea NOT NULL,                      -- a part may end in the middle of a character
    PRIMARY KEY (org_id, upload_id, part),
    FOREIGN KEY (org_id, upload_id) REFERENCES segment_uploads (org_id, upload_id) ON DELETE CASCADE
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['segment_uploads', 'segment_upload_parts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (org_id = current_setting(''fanion.org_id'', true)) '
                       'WITH CHECK (org_id = current_setting(''fanion.org_id'', true))', t);
    END LOOP;
END $$;
REVOKE ALL ON segment_uploads, segment_upload_parts FROM PUBLIC, fanion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON segment_uploads, segment_upload_parts TO fanion_app;
