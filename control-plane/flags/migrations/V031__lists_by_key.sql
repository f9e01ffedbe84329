-- Lists come in the order of the bytes of keys, which the unique indexes do not have.
CREATE INDEX flags_by_key ON flags (project_id, key COLLATE "C") WHERE deleted_at IS NULL;
CREATE INDEX segments_by_key ON segments (project_id, key COLLATE "C") WHERE deleted_at IS NULL;
