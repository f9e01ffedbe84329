-- How changes in an environment are confirmed by people, and whether they must say why.
ALTER TABLE environments
    ADD COLUMN confirmation     text NOT NULL DEFAULT 'none' CHECK (confirmation IN ('none', 'confirm', 'type')),
    ADD COLUMN comment_required boolean NOT NULL DEFAULT false;
ALTER TABLE environments NO FORCE ROW LEVEL SECURITY;  -- for the owner, who is not a superuser everywhere
UPDATE environments SET confirmation = 'confirm' WHERE protected;
ALTER TABLE environments FORCE ROW LEVEL SECURITY;
