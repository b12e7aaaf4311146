//! Who calls: which account, which region.
//!
//! This build verifies no credentials. It listens on loopback, or elsewhere only when told that
//! this is meant (`--insecure`), and every caller is the one account of the service. The region is
//! read from the credential scope of the SigV4 `Authorization` header where there is one, because
//! the region of a guardrail's ARN is the region that its client was set to.

use http::{HeaderMap, header::AUTHORIZATION};
use pretil_store::AccountId;

/// The account of every caller while there is no authentication. Twelve digits as AWS has them,
/// and the number that AWS uses in its own documentation.
pub const DEFAULT_ACCOUNT: &str = "123456789012";

/// The region of a caller that names none.
pub const DEFAULT_REGION: &str = "us-east-1";

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account that owns what the call makes and sees.
    pub account: AccountId,
    /// The region in the ARNs of what the call makes.
    pub region: String,
}

impl Caller {
    /// The caller of a request with `headers`.
    pub fn of(headers: &HeaderMap, account: &AccountId, default_region: &str) -> Self {
        let authorization = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let region = authorization.and_then(scope_region);
        Self {
            account: account.clone(),
            region: region.unwrap_or(default_region).to_owned(),
        }
    }
}

impl Caller {
    /// Who is named as the author of what the call changes: the account itself.
    pub fn arn(&self) -> String {
        let Self { account, region } = self;
        format!("arn:{}:iam::{account}:root", partition(region))
    }
}

/// The region of `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn scope_region(authorization: &str) -> Option<&str> {
    let parameters = authorization.strip_prefix("AWS4-HMAC-SHA256")?;
    let credential = parameters
        .split(',')
        .find_map(|part| part.trim().strip_prefix("Credential="))?;
    let mut scope = credential.rsplit('/');
    if scope.next()? != "aws4_request" {
        return None;
    }
    let (_service, region) = (scope.next()?, scope.next()?);
    is_region(region).then_some(region)
}

/// Whether `text` may stand as the region of an ARN (botocore's pattern: `[a-z0-9-]{1,20}`).
pub fn is_region(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=20).contains(&text.len()) && text.bytes().all(allowed)
}

/// The partition of `region`: the first part of an ARN after `arn:`.
pub fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ if region.starts_with("cn-") => "aws-cn",
        _ => "aws",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(authorization: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, authorization.parse().unwrap());
        Caller::of(
            &headers,
            &AccountId::new(DEFAULT_ACCOUNT).unwrap(),
            "default-1",
        )
        .region
    }

    #[test]
    fn the_region_is_that_of_the_credential_scope() {
        let cases = [
            (
                "AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-west-1/bedrock/aws4_request, SignedHeaders=host, Signature=00",
                "eu-west-1",
            ),
            // A key id may hold slashes; the scope is read from the right.
            (
                "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=a/b/20261122/us-west-2/bedrock/aws4_request,Signature=00",
                "us-west-2",
            ),
            ("AWS4-HMAC-SHA256 Credential=AKID", "default-1"),
            (
                "AWS4-HMAC-SHA256 Credential=A/2/EU<script>/bedrock/aws4_request",
                "default-1",
            ),
            (
                "AWS4-HMAC-SHA256 Credential=A/2//bedrock/aws4_request",
                "default-1",
            ),
            ("Bearer abc", "default-1"),
        ];
        for (authorization, expected) in cases {
            assert_eq!(region(authorization), expected, "{authorization}");
        }
    }
}
