-- Segments have tags and an owner, and can be archived, as flags.
ALTER TABLE segments
    ADD COLUMN tags        text[] NOT NULL DEFAULT '{}',
    ADD COLUMN owner       text NOT NULL DEFAULT '',
    ADD COLUMN archived_at timestamptz;
