//! Runs every entity's examples.

use super::{super::detect::find, ENTITIES};
use crate::config::PiiType;
use pretil_text::Views;

/// Fewest examples of each kind.
const FEWEST: usize = 10;

/// The text without its marks, and the marked values.
fn unmark(marked: &str) -> (String, Vec<&str>) {
    let values = marked
        .split('⟦')
        .skip(1)
        .filter_map(|rest| rest.split('⟧').next());
    (marked.replace(['⟦', '⟧'], ""), values.collect())
}

/// The values of `entity` in `text`, all types being configured.
fn values(entity: PiiType, text: &str) -> Vec<String> {
    let views = Views::of(text);
    let found = find(PiiType::ALL, &views).unwrap();
    found
        .into_iter()
        .filter(|finding| finding.entity == entity)
        .map(|finding| text[finding.span.range()].to_owned())
        .collect()
}

#[test]
fn finds_what_each_file_says_and_nothing_else() {
    let mut wrong = Vec::new();
    for entity in ENTITIES {
        let negative = entity.examples.negative.iter();
        for marked in entity.examples.positive.iter().chain(negative) {
            let (text, expected) = unmark(marked);
            let found = values(entity.pii, &text);
            if found != expected {
                wrong.push(format!("{:?}: {marked}\n    found {found:?}", entity.pii));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_type_of_the_api_is_here_in_its_order() {
    let types: Vec<_> = ENTITIES.iter().map(|entity| entity.pii).collect();
    assert_eq!(types, PiiType::ALL);
}

#[test]
fn every_type_has_enough_examples() {
    for entity in ENTITIES {
        let (positive, negative) = (entity.examples.positive, entity.examples.negative);
        assert!(positive.len() >= FEWEST, "{:?}", entity.pii);
        assert!(negative.len() >= FEWEST, "{:?}", entity.pii);
        assert!(
            positive.iter().all(|text| text.contains('⟦')),
            "{:?}",
            entity.pii
        );
        assert!(
            !negative.iter().any(|text| text.contains('⟦')),
            "{:?}",
            entity.pii
        );
    }
}
