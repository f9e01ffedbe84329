-- compatible-from: V055

-- What a relay calls itself, and since when it is in the state that it reports.
ALTER TABLE relay_status
    ADD COLUMN labels   text[] NOT NULL DEFAULT '{}',
    ADD COLUMN state_at timestamptz;
