-- Whether the app of a register was too old at its last contact for anything but uploads.

ALTER TABLE registers ADD COLUMN app_is_too_old BOOLEAN NOT NULL DEFAULT FALSE;
