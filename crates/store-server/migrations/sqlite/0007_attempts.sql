-- Who guesses activation codes and passwords: counted here, so that all server processes count together.

CREATE TABLE attempts (
    door TEXT NOT NULL,
    peer TEXT NOT NULL, -- an address; empty: all of them together
    failed INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    PRIMARY KEY (door, peer)
) STRICT;
