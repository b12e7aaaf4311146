//! The AWS dialects at the edge, as types, constraints and codecs. No sockets.
