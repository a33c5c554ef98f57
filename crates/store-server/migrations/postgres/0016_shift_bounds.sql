-- Which sales are of a shift the register says: those after this entry, up to the one that closed it.

ALTER TABLE shifts ADD COLUMN after_seq BIGINT; -- none: it is open, or closed by an app that does not say it
