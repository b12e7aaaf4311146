//! The embedded tagger in a guardrail: personal data in plain sentences is masked exactly.
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use pretil_guardrail::{
    Config, Content, Guardrail, Source,
    config::{
        Directions, FailureModes, PiiEntityConfig, PiiType, SensitiveAction, SensitivePolicyConfig,
    },
};

fn masked(text: &str) -> Vec<String> {
    let entity = |entity| PiiEntityConfig {
        entity,
        action: SensitiveAction::Anonymize,
        directions: Directions::default(),
    };
    let types = [
        PiiType::Name,
        PiiType::Address,
        PiiType::Age,
        PiiType::Email,
        PiiType::Phone,
    ];
    let config = Config {
        sensitive: Some(SensitivePolicyConfig {
            entities: Some(types.map(entity).to_vec()),
            regexes: None,
        }),
        name: "personal data".to_owned(),
        description: None,
        blocked_input_messaging: "blocked".to_owned(),
        blocked_outputs_messaging: "blocked".to_owned(),
        topic: None,
        content: None,
        word: None,
        grounding: None,
        reasoning: None,
        cross_region_profile: None,
        kms_key_id: None,
        on_failure: FailureModes::default(),
    };
    let detectors = pretil_models::detectors();
    let guardrail = Guardrail::compile(config, &detectors).unwrap();
    guardrail
        .evaluate(&Content::text(Source::Input, text), &detectors)
        .unwrap()
        .outputs
}

#[test]
fn sentences() {
    for (text, expected) in [
        (
            "My name is Margaret Okafor and I need help with my bill.",
            "My name is {NAME} and I need help with my bill.",
        ),
        (
            "Please send the parcel to 18 Brookside Lane, Leeds LS6 2AB.",
            "Please send the parcel to {ADDRESS}.",
        ),
        (
            "Dr. Helena Lindqvist will call Samuel Osei at 212-555-0147 tomorrow.",
            "Dr. {NAME} will call {NAME} at {PHONE} tomorrow.",
        ),
        (
            "Daniel lives at 402 Walnut Street, Springfield, IL 62704 with Maria.",
            "{NAME} lives at {ADDRESS} with {NAME}.",
        ),
        (
            "Contact Priya Nair at priya.nair@example.com.",
            "Contact {NAME} at {EMAIL}.",
        ),
        (
            "Me llamo Carmen Ruiz y vivo en Madrid.",
            "Me llamo {NAME} y vivo en Madrid.",
        ),
        ("Ask Margaret Okafor.", "Ask {NAME}."),
        ("The office in Paris is closed in May.", ""),
        ("Barclays opened a branch on Oxford Street.", ""),
        ("Dear Sir or Madam, the invoice is attached.", ""),
        ("Order 4471-99 was shipped on 12 March.", ""),
    ] {
        let outputs = masked(text);
        let masked = outputs.first().map_or("", String::as_str);
        assert_eq!(masked, expected, "{text}");
    }
}
