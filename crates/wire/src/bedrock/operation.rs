//! From a method, a path and a query string to an operation with its members.
//!
//! SDKs percent-encode an ARN with its slash; raw clients write the slash literally. So a path is
//! matched by what stands around the identifier, from the right, and decoded after.

use super::{
    constraint::{Path, RequestError, Rule, Violations},
    error::{ErrorCode, ErrorReply},
    identifier::{GuardrailReference, GuardrailVersion},
    pattern,
};
use percent_encoding::percent_decode_str;

/// An operation with the members that its path and query string carry, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `POST /guardrails`
    CreateGuardrail,
    /// `GET /guardrails/{guardrailIdentifier}?guardrailVersion`
    GetGuardrail {
        /// Which.
        guardrail: GuardrailReference,
        /// The draft if not given.
        version: Option<GuardrailVersion>,
    },
    /// `GET /guardrails?guardrailIdentifier&maxResults&nextToken`
    ListGuardrails {
        /// All versions of this one; all guardrails if not given.
        guardrail: Option<GuardrailReference>,
        /// 1 to 1000.
        max_results: Option<u32>,
        /// From the page before.
        next_token: Option<String>,
    },
    /// `PUT /guardrails/{guardrailIdentifier}`
    UpdateGuardrail {
        /// Which.
        guardrail: GuardrailReference,
    },
    /// `DELETE /guardrails/{guardrailIdentifier}?guardrailVersion`
    DeleteGuardrail {
        /// Which.
        guardrail: GuardrailReference,
        /// One version; all of it if not given.
        version: Option<u32>,
    },
    /// `POST /guardrails/{guardrailIdentifier}`
    CreateGuardrailVersion {
        /// Which.
        guardrail: GuardrailReference,
    },
    /// `POST /tagResource`
    TagResource,
    /// `POST /untagResource`
    UntagResource,
    /// `POST /listTagsForResource`
    ListTagsForResource,
    /// `PUT /enforcedGuardrailsConfiguration`
    PutEnforcedGuardrailConfiguration,
    /// `GET /enforcedGuardrailsConfiguration?nextToken`
    ListEnforcedGuardrailsConfiguration {
        /// From the page before.
        next_token: Option<String>,
    },
    /// `DELETE /enforcedGuardrailsConfiguration/{configId}`
    DeleteEnforcedGuardrailConfiguration {
        /// Which.
        config_id: String,
    },
    /// `POST /guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply`
    ApplyGuardrail {
        /// `None` for the empty identifier: the enforced guardrails alone.
        guardrail: Option<GuardrailReference>,
        /// `None` for the empty version.
        version: Option<GuardrailVersion>,
    },
    /// `POST /guardrail-checks/invoke`
    InvokeGuardrailChecks,
}

impl Operation {
    /// The operation's name in the model.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateGuardrail => "CreateGuardrail",
            Self::GetGuardrail { .. } => "GetGuardrail",
            Self::ListGuardrails { .. } => "ListGuardrails",
            Self::UpdateGuardrail { .. } => "UpdateGuardrail",
            Self::DeleteGuardrail { .. } => "DeleteGuardrail",
            Self::CreateGuardrailVersion { .. } => "CreateGuardrailVersion",
            Self::TagResource => "TagResource",
            Self::UntagResource => "UntagResource",
            Self::ListTagsForResource => "ListTagsForResource",
            Self::PutEnforcedGuardrailConfiguration => "PutEnforcedGuardrailConfiguration",
            Self::ListEnforcedGuardrailsConfiguration { .. } => {
                "ListEnforcedGuardrailsConfiguration"
            }
            Self::DeleteEnforcedGuardrailConfiguration { .. } => {
                "DeleteEnforcedGuardrailConfiguration"
            }
            Self::ApplyGuardrail { .. } => "ApplyGuardrail",
            Self::InvokeGuardrailChecks => "InvokeGuardrailChecks",
        }
    }

    /// The HTTP status of success in the model.
    pub fn success_status(&self) -> u16 {
        match self {
            Self::CreateGuardrail
            | Self::UpdateGuardrail { .. }
            | Self::DeleteGuardrail { .. }
            | Self::CreateGuardrailVersion { .. } => 202,
            _ => 200,
        }
    }
}

/// Why a request belongs to no operation, or not properly.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// No operation has this path.
    #[error("no operation has this path")]
    UnknownPath,
    /// Operations with this path have other methods.
    #[error("no operation has this method on this path")]
    UnknownMethod,
    /// A member in the path or the query string is not valid.
    #[error("{error}")]
    Invalid {
        /// The operation's name in the model.
        operation: &'static str,
        /// What is wrong.
        error: RequestError,
    },
}

impl From<RouteError> for ErrorReply {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::UnknownPath | RouteError::UnknownMethod => Self::new(
                ErrorCode::UnknownOperationException,
                "The requested operation is not recognized by the service.",
            ),
            RouteError::Invalid { error, .. } => error.into(),
        }
    }
}

/// `GuardrailIdentifier` of the control plane.
static IDENTIFIER: Rule = Rule::ANY
    .length(0, 2048)
    .pattern(&pattern::GUARDRAIL_IDENTIFIER);
/// `GuardrailVersion` of the control plane.
static VERSION: Rule = Rule::ANY.pattern(&pattern::GUARDRAIL_VERSION);
/// `GuardrailNumericalVersion`.
static NUMERICAL_VERSION: Rule = Rule::ANY.pattern(&pattern::NUMERICAL_VERSION);
/// `MaxResults`.
static MAX_RESULTS: Rule = Rule::ANY.range(1.0, 1000.0);
/// `PaginationToken`.
static NEXT_TOKEN: Rule = Rule::ANY
    .length(1, 2048)
    .pattern(&pattern::PAGINATION_TOKEN);
/// `AccountEnforcedGuardrailConfigurationId`.
static CONFIGURATION_ID: Rule = Rule::ANY.pattern(&pattern::CONFIGURATION_ID);

/// What the service answers to an identifier or a version of ApplyGuardrail that cannot be one.
const INCORRECT_FORMAT: &str = "Guardrail was enabled but input is in incorrect format.";

/// Finds the operation. `path` and `query` are as received, still percent-encoded; `query` is
/// without its question mark.
pub fn route(method: &str, path: &str, query: Option<&str>) -> Result<Operation, RouteError> {
    // A base URL with a trailing slash doubles the first slash.
    let path = path.trim_start_matches('/');
    let query = Query(query.unwrap_or_default());
    match path {
        "guardrails" => guardrails(method, query),
        "tagResource" => post_only(method, Operation::TagResource),
        "untagResource" => post_only(method, Operation::UntagResource),
        "listTagsForResource" => post_only(method, Operation::ListTagsForResource),
        "guardrail-checks/invoke" => post_only(method, Operation::InvokeGuardrailChecks),
        "enforcedGuardrailsConfiguration" => enforced(method, query),
        _ => with_identifier(method, path, query),
    }
}

/// Paths that hold an identifier.
fn with_identifier(method: &str, path: &str, query: Query<'_>) -> Result<Operation, RouteError> {
    if let Some(identifier) = path.strip_prefix("guardrails/") {
        return guardrail(method, identifier, query);
    }
    if let Some(config_id) = path.strip_prefix("enforcedGuardrailsConfiguration/") {
        return delete_enforced(method, config_id);
    }
    let (identifier, version) = path
        .strip_prefix("guardrail/")
        .and_then(|rest| rest.strip_suffix("/apply"))
        .and_then(|rest| rest.rsplit_once("/version/"))
        .ok_or(RouteError::UnknownPath)?;
    if method != "POST" {
        return Err(RouteError::UnknownMethod);
    }
    apply_guardrail(identifier, version)
}

/// An operation without members in its path.
fn post_only(method: &str, operation: Operation) -> Result<Operation, RouteError> {
    match method {
        "POST" => Ok(operation),
        _ => Err(RouteError::UnknownMethod),
    }
}

/// `/guardrails`
fn guardrails(method: &str, query: Query<'_>) -> Result<Operation, RouteError> {
    match method {
        "POST" => Ok(Operation::CreateGuardrail),
        "GET" => {
            let mut members = Members::new("ListGuardrails");
            let identifier = members.query(query, "guardrailIdentifier", &IDENTIFIER)?;
            let max_results = members.number(query, "maxResults", &MAX_RESULTS)?;
            let next_token = members.query(query, "nextToken", &NEXT_TOKEN)?;
            members.finish()?;
            Ok(Operation::ListGuardrails {
                guardrail: identifier.and_then(|text| text.parse().ok()),
                max_results,
                next_token,
            })
        }
        _ => Err(RouteError::UnknownMethod),
    }
}

/// `/guardrails/{guardrailIdentifier}`
fn guardrail(method: &str, identifier: &str, query: Query<'_>) -> Result<Operation, RouteError> {
    let name = match method {
        "GET" => "GetGuardrail",
        "PUT" => "UpdateGuardrail",
        "DELETE" => "DeleteGuardrail",
        "POST" => "CreateGuardrailVersion",
        _ => return Err(RouteError::UnknownMethod),
    };
    let mut members = Members::new(name);
    let identifier = members.path(identifier, "guardrailIdentifier", &IDENTIFIER)?;
    let version = match name {
        "GetGuardrail" => members.query(query, "guardrailVersion", &VERSION)?,
        "DeleteGuardrail" => members.query(query, "guardrailVersion", &NUMERICAL_VERSION)?,
        _ => None,
    };
    let version: Option<GuardrailVersion> = version.and_then(|text| text.parse().ok());
    let guardrail = members.reference(&identifier)?;
    Ok(match name {
        "GetGuardrail" => Operation::GetGuardrail { guardrail, version },
        "UpdateGuardrail" => Operation::UpdateGuardrail { guardrail },
        "DeleteGuardrail" => Operation::DeleteGuardrail {
            guardrail,
            version: match version {
                Some(GuardrailVersion::Number(number)) => Some(number),
                _ => None,
            },
        },
        _ => Operation::CreateGuardrailVersion { guardrail },
    })
}

/// `/enforcedGuardrailsConfiguration`
fn enforced(method: &str, query: Query<'_>) -> Result<Operation, RouteError> {
    match method {
        "PUT" => Ok(Operation::PutEnforcedGuardrailConfiguration),
        "GET" => {
            let mut members = Members::new("ListEnforcedGuardrailsConfiguration");
            let next_token = members.query(query, "nextToken", &NEXT_TOKEN)?;
            members.finish()?;
            Ok(Operation::ListEnforcedGuardrailsConfiguration { next_token })
        }
        _ => Err(RouteError::UnknownMethod),
    }
}

/// `/enforcedGuardrailsConfiguration/{configId}`
fn delete_enforced(method: &str, config_id: &str) -> Result<Operation, RouteError> {
    if method != "DELETE" {
        return Err(RouteError::UnknownMethod);
    }
    let mut members = Members::new("DeleteEnforcedGuardrailConfiguration");
    let config_id = members.path(config_id, "configId", &CONFIGURATION_ID)?;
    members.finish()?;
    Ok(Operation::DeleteEnforcedGuardrailConfiguration { config_id })
}

/// `/guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply`
fn apply_guardrail(identifier: &str, version: &str) -> Result<Operation, RouteError> {
    let incorrect = || RouteError::Invalid {
        operation: "ApplyGuardrail",
        error: RequestError::Malformed(INCORRECT_FORMAT.to_owned()),
    };
    let identifier = decoded(identifier).ok_or_else(incorrect)?;
    let version = decoded(version).ok_or_else(incorrect)?;
    let guardrail = match identifier.as_str() {
        "" => None,
        text if text.len() > 2048 => return Err(incorrect()),
        text => Some(text.parse().map_err(|_| incorrect())?),
    };
    let version = match version.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| incorrect())?),
    };
    Ok(Operation::ApplyGuardrail { guardrail, version })
}

/// A path segment without its percent-encoding, unless it is not UTF-8.
fn decoded(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// A query string as received.
#[derive(Clone, Copy)]
struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// The first value of `name`, still encoded.
    fn value(self, name: &str) -> Option<&'a str> {
        self.0
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .find(|(key, _)| decoded(key).as_deref() == Some(name))
            .map(|(_, value)| value)
    }
}

/// Gathers the breaches of the members of a path and a query string.
struct Members {
    operation: &'static str,
    violations: Violations,
}

impl Members {
    fn new(operation: &'static str) -> Self {
        Self {
            operation,
            violations: Violations::default(),
        }
    }

    /// A member that stands in the path.
    fn path(
        &mut self,
        encoded: &str,
        name: &'static str,
        rule: &Rule,
    ) -> Result<String, RouteError> {
        let value = decoded(encoded).ok_or_else(|| self.malformed(name))?;
        rule.check_text(&value, &Path::member(name), &mut self.violations);
        Ok(value)
    }

    /// A member of the query string, where a plus is a space.
    fn query(
        &mut self,
        query: Query<'_>,
        name: &'static str,
        rule: &Rule,
    ) -> Result<Option<String>, RouteError> {
        match query.value(name) {
            Some(encoded) => self.path(&encoded.replace('+', " "), name, rule).map(Some),
            None => Ok(None),
        }
    }

    /// A whole number of the query string.
    fn number(
        &mut self,
        query: Query<'_>,
        name: &'static str,
        rule: &Rule,
    ) -> Result<Option<u32>, RouteError> {
        let Some(encoded) = query.value(name) else {
            return Ok(None);
        };
        let value = decoded(encoded).and_then(|text| text.parse::<i32>().ok());
        let value = value.ok_or_else(|| self.malformed(name))?;
        rule.check_number(value.into(), &Path::member(name), &mut self.violations);
        Ok(u32::try_from(value).ok())
    }

    /// The guardrail, once nothing is wrong with any member.
    fn reference(self, identifier: &str) -> Result<GuardrailReference, RouteError> {
        let malformed = self.malformed("guardrailIdentifier");
        self.finish()?;
        identifier.parse().map_err(|_| malformed)
    }

    /// Refuses if anything is wrong.
    fn finish(self) -> Result<(), RouteError> {
        if self.violations.is_empty() {
            return Ok(());
        }
        Err(RouteError::Invalid {
            operation: self.operation,
            error: RequestError::Violations(self.violations),
        })
    }

    /// A member that is no text or no number at all.
    fn malformed(&self, name: &str) -> RouteError {
        RouteError::Invalid {
            operation: self.operation,
            error: RequestError::Malformed(format!("The value at '{name}' can not be decoded")),
        }
    }
}
