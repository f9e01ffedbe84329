-- Flag lists read `enabled` from a column. JSON is never parsed by PostgreSQL: `->>` fails for the whole statement where a
-- document has U+0000. The programs have always written the member `enabled` first.
ALTER TABLE flag_configs ADD COLUMN enabled boolean NOT NULL DEFAULT false;
ALTER TABLE flag_configs NO FORCE ROW LEVEL SECURITY;  -- for the owner, who is not a superuser everywhere
UPDATE flag_configs SET enabled = starts_with(config, '{"enabled":true');
ALTER TABLE flag_configs FORCE ROW LEVEL SECURITY;

-- The states before and after are in `canonical`, which holds the whole entry.
ALTER TABLE audit DROP COLUMN before, DROP COLUMN after;

-- Resources were stored as the path was sent. Escapes of characters that need none are decoded, so that the changes behind
-- them are found. `canonical` stays: it is what was hashed.
ALTER TABLE audit NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
    code integer;
BEGIN
    FOREACH code IN ARRAY ARRAY[45, 46, 95, 126] || ARRAY(SELECT generate_series(48, 57)) ||
                          ARRAY(SELECT generate_series(65, 90)) || ARRAY(SELECT generate_series(97, 122)) LOOP
        UPDATE audit SET resource = replace(replace(resource, '%' || upper(lpad(to_hex(code), 2, '0')), chr(code)),
                                            '%' || lpad(to_hex(code), 2, '0'), chr(code))
        WHERE resource LIKE '%\%%' AND strpos(lower(resource), '%' || lpad(to_hex(code), 2, '0')) > 0;
    END LOOP;
END $$;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;

-- A resource with those below it is one range of bytes.
DROP INDEX audit_resource;
CREATE INDEX audit_resource ON audit (org_id, resource COLLATE "C", seq);

-- The addresses of the people who are named in an audit log.
CREATE FUNCTION actor_emails(ids text[]) RETURNS TABLE (user_id text, email text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT user_id, email FROM users WHERE user_id = ANY (ids)
$$;

-- Deletes audit entries and counts of evaluations older than so many days; 0: none are. About `at_most` of each in one call,
-- which is to be repeated until it returns 0. An organisation's entries are deleted from the oldest on without a gap, and the newest stays:
-- the rest is a chain that the next entry continues. Returns how many rows were deleted.
CREATE FUNCTION purge_history(audit_days integer, counts_days integer, at_most integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
DECLARE
    deleted bigint := 0;
    n bigint;
    o text;
BEGIN
    IF audit_days > 0 THEN
        FOR o IN SELECT org_id FROM orgs
                 WHERE (SELECT at FROM audit a WHERE a.org_id = orgs.org_id ORDER BY seq LIMIT 1) <
                       now() - make_interval(days => audit_days) LOOP
            WITH oldest AS (SELECT seq, at FROM audit WHERE org_id = o ORDER BY seq LIMIT at_most),
                 kept AS (SELECT least((SELECT min(seq) FROM oldest WHERE at >= now() - make_interval(days => audit_days)),
                                       (SELECT max(seq) FROM audit WHERE org_id = o)) AS seq)
            DELETE FROM audit a USING kept
            WHERE a.org_id = o AND a.seq < kept.seq AND a.seq <= (SELECT max(seq) FROM oldest);
            GET DIAGNOSTICS n = ROW_COUNT;
            deleted := deleted + n;
            EXIT WHEN deleted >= at_most;
        END LOOP;
    END IF;
    IF counts_days > 0 THEN
        DELETE FROM evaluation_counts WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM evaluation_counts WHERE minute < now() - make_interval(days => counts_days) LIMIT at_most));
        GET DIAGNOSTICS n = ROW_COUNT;
        deleted := deleted + n;
    END IF;
    RETURN deleted;
END $$;
CREATE INDEX evaluation_counts_age ON evaluation_counts USING brin (minute);  -- rows come in about that order
GRANT DELETE ON audit, evaluation_counts TO fanion_lookup;

REVOKE ALL ON FUNCTION actor_emails(text[]), purge_history(integer, integer, integer) FROM PUBLIC;
GRANT CREATE ON SCHEMA fanion TO fanion_lookup;
ALTER FUNCTION actor_emails(text[]) OWNER TO fanion_lookup;
ALTER FUNCTION purge_history(integer, integer, integer) OWNER TO fanion_lookup;
GRANT EXECUTE ON FUNCTION actor_emails(text[]), purge_history(integer, integer, integer) TO fanion_app;
REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;
