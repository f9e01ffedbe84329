-- compatible-from: V059

-- Where the events are that a relay has accepted, as it last reported it.
CREATE TABLE relay_ledgers (
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    relay_id    text NOT NULL,
    ledger      text NOT NULL,             -- JSON, as common/wire/event_ledger.hpp has it
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, relay_id)
);
ALTER TABLE relay_ledgers ENABLE ROW LEVEL SECURITY;
ALTER TABLE relay_ledgers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON relay_ledgers USING (org_id = (SELECT current_setting('fanion.org_id', true)))
    WITH CHECK (org_id = (SELECT current_setting('fanion.org_id', true)));
REVOKE ALL ON relay_ledgers FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON relay_ledgers TO fanion_app;
