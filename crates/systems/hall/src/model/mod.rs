//! What the hall knows by itself, without database, clock or network.
//!
//! * [`theme`] — how themes and joint matters look and read;
//! * [`place`] — a place and the wider places whose items it shares;
//! * [`figures`] — what an event adds to the figures of a day;
//! * [`affair`] — a party's own matters, sorted by who has to act;
//! * [`highlight`] — which part of a result answers the search;
//! * [`module`] — the seven modules of the hall, and what those offer today that have no system of their own yet.

pub mod affair;
pub mod figures;
pub mod highlight;
pub mod module;
pub mod place;
pub mod theme;
