//! Guardrails, versions, tokens: SQLite.
