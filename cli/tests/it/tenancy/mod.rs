//! `onward tenancy`: what the files prove, and what a server shows.

mod live;
mod offline;
