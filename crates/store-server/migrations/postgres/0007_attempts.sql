-- Who guesses activation codes and passwords: counted here, so that all server processes count together.

CREATE TABLE attempts (
    door TEXT NOT NULL,
    peer TEXT NOT NULL, -- an address; empty: all of them together
    failed BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    last_at_ms BIGINT NOT NULL,
    PRIMARY KEY (door, peer)
);
