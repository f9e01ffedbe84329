-- compatible-from: V058

-- What a comment is about, as its author's program calls it. Empty: the whole request.
ALTER TABLE change_request_comments ADD COLUMN line text NOT NULL DEFAULT '';
