-- Number 4 belongs to another change.
SELECT 1;
