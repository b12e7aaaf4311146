//! What gives text a score: embedded models over the encoder.
