//! Every limit of the service that is not one of the API's own, in one place.

use std::time::Duration;

/// Longest request body in bytes. It is counted as the body arrives, and bodies are refused when
/// compressed, so nothing grows behind it. The largest request that makes sense is a text of 1,000
/// text units (1,000,000 code points of up to 4 bytes, some of them escaped), or 10,000 words.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Most bytes that are read and thrown away of a body that is too long, so that a client which
/// sends before it listens still gets its answer instead of a reset connection.
pub const MAX_DISCARDED_BYTES: usize = 32 * 1024 * 1024;

/// Bytes that the bodies of all requests together may take. A request that would go over it is
/// turned away as overload.
pub const BODY_BUDGET_BYTES: usize = 256 * 1024 * 1024;

/// Granularity of [`BODY_BUDGET_BYTES`].
pub const BODY_BUDGET_STEP_BYTES: usize = 64 * 1024;

/// Time for a request's whole body to arrive, however slowly it trickles.
pub const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// Time for a new connection to bring its first whole request head.
pub const FIRST_REQUEST_DEADLINE: Duration = Duration::from_secs(10);

/// Time for each further request head of an HTTP/1.1 connection; so also the longest an idle
/// connection is kept. Longer than the idle time-outs of the AWS SDKs' connection pools would need.
pub const HEADER_DEADLINE: Duration = Duration::from_mins(1);

/// Most headers of an HTTP/1.1 request.
pub const MAX_HEADERS: usize = 100;

/// Most bytes of an HTTP/1.1 request head.
pub const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Most bytes of an HTTP/2 request's headers, decoded.
pub const MAX_HEADER_LIST_BYTES: u32 = 16 * 1024;

/// Most requests at once on one HTTP/2 connection.
pub const MAX_STREAMS: u32 = 128;

/// Most bytes in flight towards us on one HTTP/2 stream.
pub const STREAM_WINDOW_BYTES: u32 = 64 * 1024;

/// Most bytes in flight towards us on one HTTP/2 connection.
pub const CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;

/// Streams that a peer may reset before they were accepted (the "rapid reset" attack).
pub const MAX_PENDING_RESETS: usize = 20;

/// How often an HTTP/2 connection is asked whether its peer is still there, and how long it may
/// take to answer.
pub const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Most connections at once. Further ones wait in the listener's backlog.
pub const MAX_CONNECTIONS: usize = 4_096;

/// Evaluations that may wait for a core, per core. Beyond it a request is refused at once: a
/// caller with a short queue before it is better served by a retry than by waiting.
pub const EVALUATIONS_WAITING_PER_CORE: usize = 64;

/// Longest wait for a core before a request is refused as overload.
pub const EVALUATION_WAIT: Duration = Duration::from_secs(2);

/// Longest time that a caller waits for an evaluation that has begun. The budgets of the policies
/// are far below it: it only catches what slips through them. Such an evaluation is an error, and
/// so lets nothing pass.
pub const EVALUATION_DEADLINE: Duration = Duration::from_secs(30);

/// When a refused caller should try again, in whole seconds.
pub const RETRY_AFTER_SECONDS: u32 = 1;

/// Compiled guardrails kept in memory. The least recently used one goes first.
pub const COMPILED_GUARDRAILS: usize = 512;

/// Time that requests in flight have to finish after a shutdown was asked for.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(30);

/// Items of a page where the caller names no `maxResults`.
pub const DEFAULT_PAGE: u32 = 100;
