//! The tests of the analyzer's public interface: one module for each subject, in one binary, which is
//! linked once.

mod accepted;
mod bodies;
mod effects;
mod eighteen;
mod facts;
mod gates;
mod grammar;
mod history;
mod identifiers;
mod met;
mod mistakes;
mod modules;
mod one;
mod order;
mod pages;
mod promises;
mod second_reader;
mod source;
mod split;
mod tenancy;
mod tidy;
