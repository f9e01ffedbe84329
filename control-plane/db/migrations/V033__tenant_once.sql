-- Whose rows a statement may see is looked up once for each statement, instead of once for each row: a subquery without
-- references to the row is evaluated before the scan.
DO $$
DECLARE p record;
BEGIN
    FOR p IN SELECT tablename, with_check FROM pg_policies
             WHERE schemaname = 'fanion' AND policyname = 'tenant' AND qual = '(org_id = current_setting(''fanion.org_id''::text, true))'
    LOOP
        EXECUTE format('ALTER POLICY tenant ON fanion.%I USING (org_id = (SELECT current_setting(''fanion.org_id'', true)))%s',
                       p.tablename,
                       CASE WHEN p.with_check IS NOT NULL
                            THEN ' WITH CHECK (org_id = (SELECT current_setting(''fanion.org_id'', true)))' END);
    END LOOP;
END $$;
