//! Methods, paths and query strings as clients send them.

use pretil_wire::bedrock::{ErrorCode, ErrorReply, GuardrailVersion, Operation, RouteError, route};

const ARN: &str = "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123abc123";
const ENCODED_ARN: &str =
    "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aguardrail%2Fabc123abc123";

#[test]
fn an_arn_may_be_encoded_or_not() {
    let expected = Operation::ApplyGuardrail {
        guardrail: Some(ARN.parse().unwrap()),
        version: Some(GuardrailVersion::Draft),
    };
    for path in [
        format!("/guardrail/{ENCODED_ARN}/version/DRAFT/apply"),
        format!("/guardrail/{ARN}/version/DRAFT/apply"),
        format!("//guardrail/{ARN}/version/DRAFT/apply"),
    ] {
        assert_eq!(route("POST", &path, None), Ok(expected.clone()), "{path}");
    }
    for identifier in [ARN, ENCODED_ARN] {
        let path = format!("/guardrails/{identifier}");
        let expected = Operation::DeleteGuardrail {
            guardrail: ARN.parse().unwrap(),
            version: Some(7),
        };
        let found = route("DELETE", &path, Some("guardrailVersion=7"));
        assert_eq!(found, Ok(expected));
    }
}

#[test]
fn the_empty_identifier_is_legal() {
    assert_eq!(
        route("POST", "/guardrail//version//apply", None),
        Ok(Operation::ApplyGuardrail {
            guardrail: None,
            version: None
        })
    );
}

#[test]
fn identifiers_that_cannot_be_one_are_worded_as_recorded() {
    for path in [
        "/guardrail/None/version/None/apply",
        "/guardrail/abc/version/0/apply",
        "/guardrail/abc/version/draft/apply",
        "/guardrail/%FF/version/1/apply",
        "/guardrail/a%2Fb/version/1/apply",
    ] {
        let error = route("POST", path, None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Guardrail was enabled but input is in incorrect format.",
            "{path}"
        );
    }
}

#[test]
fn operations_and_their_statuses() {
    let cases = [
        ("POST", "/guardrails", None, "CreateGuardrail", 202),
        ("GET", "/guardrails", None, "ListGuardrails", 200),
        ("GET", "/guardrails/abc", None, "GetGuardrail", 200),
        ("PUT", "/guardrails/abc", None, "UpdateGuardrail", 202),
        ("DELETE", "/guardrails/abc", None, "DeleteGuardrail", 202),
        (
            "POST",
            "/guardrails/abc",
            None,
            "CreateGuardrailVersion",
            202,
        ),
        ("POST", "/tagResource", None, "TagResource", 200),
        ("POST", "/untagResource", None, "UntagResource", 200),
        (
            "POST",
            "/listTagsForResource",
            None,
            "ListTagsForResource",
            200,
        ),
        (
            "PUT",
            "/enforcedGuardrailsConfiguration",
            None,
            "PutEnforcedGuardrailConfiguration",
            200,
        ),
        (
            "GET",
            "/enforcedGuardrailsConfiguration",
            Some("nextToken=x"),
            "ListEnforcedGuardrailsConfiguration",
            200,
        ),
        (
            "DELETE",
            "/enforcedGuardrailsConfiguration/abc",
            None,
            "DeleteEnforcedGuardrailConfiguration",
            200,
        ),
        (
            "POST",
            "/guardrail/abc/version/1/apply",
            None,
            "ApplyGuardrail",
            200,
        ),
        (
            "POST",
            "/guardrail-checks/invoke",
            None,
            "InvokeGuardrailChecks",
            200,
        ),
    ];
    for (method, path, query, name, status) in cases {
        let operation = route(method, path, query).unwrap();
        assert_eq!(
            (operation.name(), operation.success_status()),
            (name, status)
        );
    }
}

#[test]
fn query_members_are_checked() {
    let query = format!("guardrailIdentifier={ENCODED_ARN}&maxResults=10&nextToken=abc-_");
    assert_eq!(
        route("GET", "/guardrails", Some(&query)),
        Ok(Operation::ListGuardrails {
            guardrail: Some(ARN.parse().unwrap()),
            max_results: Some(10),
            next_token: Some("abc-_".to_owned()),
        })
    );
    let cases = [
        (
            "GET",
            "/guardrails",
            "maxResults=0",
            "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ),
        (
            "GET",
            "/guardrails",
            "maxResults=1001&guardrailIdentifier=A",
            "2 validation errors detected: Value 'A' at 'guardrailIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: (([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+)); Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
        ),
        (
            "GET",
            "/guardrails",
            "maxResults=ten",
            "The value at 'maxResults' can not be decoded",
        ),
        (
            "GET",
            "/guardrails",
            "nextToken=a%20b",
            "1 validation error detected: Value 'a b' at 'nextToken' failed to satisfy constraint: Member must satisfy regular expression pattern: \\S*",
        ),
        (
            "DELETE",
            "/guardrails/abc",
            "guardrailVersion=DRAFT",
            "1 validation error detected: Value 'DRAFT' at 'guardrailVersion' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-9][0-9]{0,7}",
        ),
        (
            "GET",
            "/guardrails/ABC",
            "",
            "1 validation error detected: Value 'ABC' at 'guardrailIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: (([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))",
        ),
    ];
    for (method, path, query, message) in cases {
        let error = route(method, path, Some(query)).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(ErrorReply::from(error).code, ErrorCode::ValidationException);
    }
}

#[test]
fn other_paths_and_methods_are_unknown_operations() {
    let cases = [
        ("GET", "/", RouteError::UnknownPath),
        ("POST", "/guardrail/abc/version/1", RouteError::UnknownPath),
        ("POST", "/guardrail/abc/apply", RouteError::UnknownPath),
        (
            "GET",
            "/guardrail/abc/version/1/apply",
            RouteError::UnknownMethod,
        ),
        ("PATCH", "/guardrails", RouteError::UnknownMethod),
        ("GET", "/tagResource", RouteError::UnknownMethod),
    ];
    for (method, path, expected) in cases {
        assert_eq!(route(method, path, None), Err(expected.clone()), "{path}");
        assert_eq!(ErrorReply::from(expected).status(), 404);
    }
}
