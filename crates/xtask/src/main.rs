//! Checks on the tree itself, run by `just check` and `./test`.
fn main() {}
