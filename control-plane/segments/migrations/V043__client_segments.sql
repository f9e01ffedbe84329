-- Segments that client keys with rules may have.
ALTER TABLE segments ADD COLUMN client boolean NOT NULL DEFAULT false;
