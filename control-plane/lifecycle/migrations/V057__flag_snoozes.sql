-- compatible-from: V056

-- Flags that the report on flags that are done with leaves out for some time.
CREATE TABLE flag_snoozes (
    flag_id    text PRIMARY KEY,
    org_id     text NOT NULL,
    until      timestamptz NOT NULL,
    reasons    text[] NOT NULL,     -- what was found of the flag as a whole: the snooze ends when anything else is
    comment    text NOT NULL,
    actor_kind text NOT NULL,
    actor_id   text NOT NULL,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (org_id, flag_id) REFERENCES flags (org_id, flag_id) ON DELETE CASCADE
);
ALTER TABLE flag_snoozes ENABLE ROW LEVEL SECURITY;
ALTER TABLE flag_snoozes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON flag_snoozes USING (org_id = (SELECT current_setting('fanion.org_id', true)))
    WITH CHECK (org_id = (SELECT current_setting('fanion.org_id', true)));
REVOKE ALL ON flag_snoozes FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON flag_snoozes TO fanion_app;
