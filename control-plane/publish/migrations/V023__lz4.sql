-- Large bodies are compressed with LZ4 from now on, which takes a tenth of the time: a change of a segment with 100,000 values
-- writes its list three times. What is stored stays as it is. PostgreSQL may have been built without LZ4.
DO $$
BEGIN
    ALTER TABLE items ALTER COLUMN body SET COMPRESSION lz4;
    ALTER TABLE item_changes ALTER COLUMN body SET COMPRESSION lz4;
    ALTER TABLE segment_configs ALTER COLUMN members SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'PostgreSQL has no LZ4: large bodies are compressed with pglz';
END $$;
