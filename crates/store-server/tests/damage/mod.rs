//! Whatever arrives, the answer is a clear problem and *nothing is changed*: the whole store database is
//! compared before and after, table by table, over real HTTP.

mod administrators;
mod bodies;
mod others;
mod panics;
mod sequences;
mod setting;
mod sockets;
