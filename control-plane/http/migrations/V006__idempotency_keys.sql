-- Requests that were made with an Idempotency-Key in the last 24 hours (control-plane/http/idempotency.hpp). Rows are made in
-- the transaction of the change, and expired ones are removed by later requests of the organisation.
--
-- Neither the key nor the response is stored readably: `response` is sealed with a key that only who knows the Idempotency-Key
-- can make, because a response may have a secret that is shown only once.
CREATE TABLE idempotency_keys (
    org_id         text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    key_sha256     bytea NOT NULL CHECK (length(key_sha256) = 32),      -- of the caller and the key
    request_sha256 bytea NOT NULL CHECK (length(request_sha256) = 32),  -- of path, query and body
    response       bytea NOT NULL,                                      -- sealed: status, headers and body
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (org_id, key_sha256)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (org_id, created_at);

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON idempotency_keys
    USING (org_id = current_setting('fanion.org_id', true)) WITH CHECK (org_id = current_setting('fanion.org_id', true));
REVOKE ALL ON idempotency_keys FROM PUBLIC, fanion_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO fanion_app;
