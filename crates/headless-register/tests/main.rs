//! Headless registers against a real store server process.
