-- Which attributes evaluated contexts had, by the names that rules use and by type, as relays report them: never a value. A name
-- with several types has several rows. `from_client`: only contexts that came with client keys, which are public, had it. Without a
-- foreign key to environments, as the tables of V021__lifecycle.sql: it would lock rows that publications hold.
CREATE TABLE context_attributes (
    org_id      text NOT NULL REFERENCES orgs ON DELETE CASCADE,
    env_id      text NOT NULL,
    name        text COLLATE "C" NOT NULL,
    type        text COLLATE "C" NOT NULL
                CHECK (type IN ('string', 'number', 'boolean', 'string_list', 'number_list', 'boolean_list')),
    from_client boolean NOT NULL,
    first_seen  date NOT NULL,  -- both: days of UTC
    last_seen   date NOT NULL,
    PRIMARY KEY (env_id, name, type)
);

ALTER TABLE context_attributes ENABLE ROW LEVEL SECURITY;
ALTER TABLE context_attributes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON context_attributes USING (org_id = (SELECT current_setting('fanion.org_id', true)))
    WITH CHECK (org_id = (SELECT current_setting('fanion.org_id', true)));
CREATE POLICY lookup ON context_attributes TO fanion_lookup USING (true) WITH CHECK (true);
REVOKE ALL ON context_attributes FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON context_attributes TO fanion_app;
GRANT SELECT, DELETE ON context_attributes TO fanion_lookup;

-- Forgets what has not been seen for so many days, and what purged environments left.
CREATE FUNCTION purge_attributes(days integer) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    DELETE FROM context_attributes a
    WHERE last_seen < (now() AT TIME ZONE 'UTC')::date - days
       OR NOT EXISTS (SELECT FROM environments e WHERE e.env_id = a.env_id)
$$;

GRANT CREATE ON SCHEMA fanion TO fanion_lookup;  -- to take over the function; taken back below
REVOKE ALL ON FUNCTION purge_attributes(integer) FROM PUBLIC;
ALTER FUNCTION purge_attributes(integer) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION purge_attributes(integer) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
