//! Use cases of the hall. What it needs from other systems is asked for here and nowhere else, so that pages know only
//! the hall's own words.

pub mod affairs;
pub mod bodies;
pub mod cache;
pub mod daily;
pub mod demo;
pub mod front;
pub mod items;
pub mod notices;
pub mod places;
pub mod ratings;
