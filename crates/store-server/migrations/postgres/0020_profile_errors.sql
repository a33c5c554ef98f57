-- Of the faults that a register told of at its last contact the first that keeps it from having its profile's rows.

ALTER TABLE registers ADD COLUMN profile_error_text TEXT;
