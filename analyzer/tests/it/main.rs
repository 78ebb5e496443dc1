//! The analyzer's tests of its public side, one module a subject, in one binary: linked once.

mod accepted;
mod bodies;
mod effects;
mod facts;
mod grammar;
mod history;
mod identifiers;
mod modules;
mod one;
mod order;
mod pages;
mod promises;
mod second_reader;
mod source;
mod split;
mod tidy;
