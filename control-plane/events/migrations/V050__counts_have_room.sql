-- Room for the next version of a row in its page, so that a batch that adds to counts leaves their long keys in the index alone.
-- Pages written before keep what they have.
ALTER TABLE evaluation_counts SET (fillfactor = 60);
