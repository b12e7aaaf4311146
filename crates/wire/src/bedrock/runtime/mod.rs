//! The runtime: bodies of requests and responses. Members of paths are in [`super::Operation`].

mod apply;
mod assessment;
mod checks;
mod explanation;

pub use apply::*;
pub use assessment::*;
pub use checks::*;
pub use explanation::*;
