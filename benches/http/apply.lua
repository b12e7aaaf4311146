-- What wrk sends: one ApplyGuardrail call, the body from the environment.
wrk.method = "POST"
wrk.body = os.getenv("APPLY_BODY")
wrk.headers["Content-Type"] = "application/json"


function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT requests=%d seconds=%.3f p50_us=%.0f p99_us=%.0f socket_errors=%d refused=%d\n",
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
