//! Checks across the members of a word policy.

use crate::config::{ConfigError, WordPolicyConfig, distinct};

/// Most words in a phrase (AWS user guide, word filters).
const PHRASE_WORDS: usize = 3;

const WORDS: &str = "wordPolicyConfig.wordsConfig";
const MANAGED_LISTS: &str = "wordPolicyConfig.managedWordListsConfig";

/// Everything in `config` that the API documents as refused and a single member cannot show.
pub(super) fn check(config: &WordPolicyConfig) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let words = config.words.as_deref().unwrap_or_default();
    for (index, word) in words.iter().enumerate() {
        let path = || ConfigError::element(WORDS, index, "text");
        match word.text.split_whitespace().count() {
            0 => errors.push(ConfigError::new(path(), "Member must not be blank")),
            1..=PHRASE_WORDS => {}
            _ => errors.push(ConfigError::new(
                path(),
                format!("Member must have at most {PHRASE_WORDS} words"),
            )),
        }
    }
    let texts = words.iter().map(|word| word.text.as_str());
    distinct(texts, WORDS, "text", &mut errors);
    let lists = config.managed_lists.iter().flatten().map(|list| list.list);
    distinct(lists, MANAGED_LISTS, "type", &mut errors);
    errors
}
