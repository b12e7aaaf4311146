//! HTTP: one file per operation.
