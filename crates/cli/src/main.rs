//! The one binary. Composition root: it wires store, models and server together.
fn main() {}
