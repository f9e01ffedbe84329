-- Of all organisations, those that are due, the longest first; in what was deleted too: there their time passes.
CREATE OR REPLACE FUNCTION due_schedules(at_time timestamptz, at_most integer)
RETURNS TABLE (org_id text, org_key text, schedule_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = fanion, pg_temp AS $$
    SELECT s.org_id, o.key, s.schedule_id FROM schedules s JOIN orgs o USING (org_id)
    WHERE s.state = 'active' AND coalesce(s.retry_at, s.due_at) <= at_time
    ORDER BY coalesce(s.retry_at, s.due_at), s.schedule_id LIMIT at_most
$$;
