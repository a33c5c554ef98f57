-- What administrators' names are compared by: without case. Until now there was only one, and the name is in lower case.
ALTER TABLE administrators ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE administrators SET name_key = name;
CREATE UNIQUE INDEX administrators_by_name_key ON administrators (name_key);
