//! The program: command line, configuration, composition of the systems. Nothing else lives here.

pub mod bench;
pub mod check;
pub mod cli;
pub mod compose;
pub mod config;
pub mod demo;
pub mod installation;
pub mod operate;
pub mod serve;
