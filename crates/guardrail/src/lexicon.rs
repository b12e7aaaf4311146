//! A set of words and phrases, looked up in a text at its word starts.
//!
//! Terms are case-folded once, into a trie over bytes. A text is never copied: it is walked at each
//! word start, folded on the way, so that offsets are the text's own. Since a term has few words, a
//! text of n words gives at most a small multiple of n matches, however the terms overlap.

/// A word or phrase of a lexicon, in the order in which they were given.
pub(crate) type TermId = usize;

/// No term ends at this node.
const NO_TERM: u32 = u32::MAX;
/// Where every walk starts.
const ROOT: u32 = 0;
/// Where a walk goes that no term follows.
const NO_NODE: u32 = u32::MAX;
/// Small sorted slices are faster to walk than to halve.
const LINEAR_SEARCH: usize = 8;

/// The compiled set.
#[derive(Clone, Debug)]
pub(crate) struct Lexicon {
    /// Children of the root by byte; `NO_NODE` where there is none.
    root: Box<[u32; 256]>,
    nodes: Vec<Node>,
    /// Byte and child, sorted by byte within a node.
    edges: Vec<(u8, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    edges_start: u32,
    edges_end: u32,
    term: u32,
}

/// What was found where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) term: TermId,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Lexicon {
    /// Compiles `terms`: keys made by [`key`] and the ids they stand for. Several keys may have one
    /// id; of equal keys the first counts. An empty key is passed over.
    pub(crate) fn new(terms: impl IntoIterator<Item = (Vec<u8>, TermId)>) -> Self {
        let terms = terms.into_iter();
        let mut keys: Vec<(Vec<u8>, u32)> = terms
            .filter(|(key, _)| !key.is_empty())
            .map(|(key, term)| (key, term as u32))
            .collect();
        keys.sort_by(|left, right| left.0.cmp(&right.0));
        keys.dedup_by(|later, first| later.0 == first.0);
        let mut lexicon = Self {
            root: Box::new([NO_NODE; 256]),
            nodes: Vec::new(),
            edges: Vec::new(),
        };
        lexicon.grow(&keys);
        lexicon
    }

    /// Builds the nodes level by level, so that a node's edges lie side by side.
    fn grow(&mut self, keys: &[(Vec<u8>, u32)]) {
        let mut level = vec![(0, keys)];
        self.nodes.push(Node::EMPTY);
        let mut depth = 0;
        while !level.is_empty() {
            let mut next = Vec::new();
            for (node, keys) in level {
                let ends_here = keys.first().is_some_and(|(key, _)| key.len() == depth);
                let edges_start = self.edges.len() as u32;
                for group in
                    keys[usize::from(ends_here)..].chunk_by(|a, b| a.0[depth] == b.0[depth])
                {
                    let child = self.nodes.len();
                    self.nodes.push(Node::EMPTY);
                    self.edges.push((group[0].0[depth], child as u32));
                    next.push((child, group));
                }
                self.nodes[node] = Node {
                    edges_start,
                    edges_end: self.edges.len() as u32,
                    term: if ends_here { keys[0].1 } else { NO_TERM },
                };
            }
            level = next;
            depth += 1;
        }
        let root = self.nodes[0];
        for (byte, child) in &self.edges[root.edges_start as usize..root.edges_end as usize] {
            self.root[usize::from(*byte)] = *child;
        }
    }

    /// Calls `found` with every whole-word match in `text`, by start, then from short to long.
    ///
    /// A term's edge that is a letter, mark, digit or underscore must lie on a word boundary. White
    /// space between the words of a phrase matches any run of white space.
    pub(crate) fn scan(&self, text: &str, mut found: impl FnMut(Match)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut inside_word = false;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte.is_ascii() {
                let word = is_ascii_word(byte);
                if !(word && inside_word)
                    && self.root[usize::from(byte.to_ascii_lowercase())] != NO_NODE
                {
                    self.walk(text, at, &mut found);
                }
                inside_word = word;
                at += 1;
                continue;
            }
            let Some(character) = text[at..].chars().next() else {
                break;
            };
            let word = is_word(character);
            if !(word && inside_word) {
                self.walk(text, at, &mut found);
            }
            inside_word = word;
            at += character.len_utf8();
        }
    }

    /// Reports every term that starts at `start` and ends at a boundary.
    fn walk(&self, text: &str, start: usize, found: &mut impl FnMut(Match)) {
        let bytes = text.as_bytes();
        let mut node = ROOT;
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            let ends_in_word = if byte.is_ascii_graphic() {
                node = self.step(node, byte.to_ascii_lowercase());
                at += 1;
                is_ascii_word(byte)
            } else {
                let Some(character) = text[at..].chars().next() else {
                    return;
                };
                if character.is_whitespace() {
                    node = self.step(node, b' ');
                    at = text.len() - text[at..].trim_start().len();
                } else {
                    fold(character, |byte| node = self.step(node, byte));
                    at += character.len_utf8();
                }
                is_word(character)
            };
            if node == NO_NODE {
                return;
            }
            let term = self.nodes[node as usize].term;
            if term != NO_TERM && !(ends_in_word && text[at..].starts_with(is_word)) {
                found(Match {
                    term: term as TermId,
                    start,
                    end: at,
                });
            }
        }
    }

    /// The child of `node` along `byte`. `NO_NODE` leads only to itself.
    fn step(&self, node: u32, byte: u8) -> u32 {
        match node {
            NO_NODE => return NO_NODE,
            ROOT => return self.root[usize::from(byte)],
            _ => {}
        }
        let Node {
            edges_start,
            edges_end,
            ..
        } = self.nodes[node as usize];
        let edges = &self.edges[edges_start as usize..edges_end as usize];
        let edge = if edges.len() <= LINEAR_SEARCH {
            edges.iter().find(|(key, _)| *key == byte)
        } else {
            let position = edges.binary_search_by_key(&byte, |(key, _)| *key);
            position.ok().map(|position| &edges[position])
        };
        edge.map_or(NO_NODE, |(_, child)| *child)
    }
}

impl Node {
    const EMPTY: Self = Self {
        edges_start: 0,
        edges_end: 0,
        term: NO_TERM,
    };
}

/// What a lexicon knows a term by: `text` folded, its words parted by single spaces.
pub(crate) fn key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !key.is_empty() {
            key.push(b' ');
        }
        for character in word.chars() {
            fold(character, |byte| key.push(byte));
        }
    }
    key
}

/// Full Unicode case folding (ß and ẞ as ss, ς as σ), as UTF-8.
///
/// Two exceptions serve Turkish, where i and ı are different letters: İ folds to i alone, and ı to
/// itself.
fn fold(character: char, mut each: impl FnMut(u8)) {
    if character.is_ascii() {
        return each(character.to_ascii_lowercase() as u8);
    }
    let mut buffer = [0; 4];
    let mut emit = |folded: char| {
        for byte in folded.encode_utf8(&mut buffer).bytes() {
            each(byte);
        }
    };
    match character {
        'İ' => emit('i'),
        'ı' => emit('ı'),
        _ => character
            .to_lowercase()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .for_each(emit),
    }
}

fn is_ascii_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A letter, mark, digit, connector or joiner: `\w` of UTS#18.
fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return is_ascii_word(character as u8);
    }
    character.is_alphanumeric() || regex_syntax::try_is_word_character(character).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(terms: &[&str], text: &str) -> Vec<String> {
        let lexicon = Lexicon::new(terms.iter().enumerate().map(|(id, term)| (key(term), id)));
        let mut found = Vec::new();
        lexicon.scan(text, |hit| {
            found.push(format!("{}:{}", hit.term, &text[hit.start..hit.end]));
        });
        found
    }

    proptest! {
        /// The trie finds what trying every term at every place finds.
        #[test]
        fn agrees_with_trying_everything(
            terms in prop::collection::vec("[abß🐋+][abs+ ]{0,3}[abSé+]?", 1..6),
            text in "[abAsSß é+\\n🐋]{0,24}",
        ) {
            let lexicon = Lexicon::new(terms.iter().enumerate().map(|(id, term)| (key(term), id)));
            let mut found = Vec::new();
            lexicon.scan(&text, |hit| found.push((hit.start, hit.end, hit.term)));
            let mut places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            places.push(text.len());
            let mut expected = Vec::new();
            for (index, &start) in places.iter().enumerate() {
                for &end in &places[index + 1..] {
                    let slice = &text[start..end];
                    let inside = |left: &str, right: &str| {
                        left.ends_with(is_word) && right.starts_with(is_word)
                    };
                    let term = terms.iter().position(|term| key(term) == key(slice));
                    if let Some(term) = term
                        && slice.trim() == slice
                        && !inside(&text[..start], slice)
                        && !inside(slice, &text[end..])
                    {
                        expected.push((start, end, term));
                    }
                }
            }
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn whole_words_only() {
        assert_eq!(
            found(&["ass"], "class assess ass, (ASS) ass_ grass"),
            ["0:ass", "0:ASS"]
        );
        assert_eq!(
            found(&["hell"], "hello shell Hell's hell-bent"),
            ["0:Hell", "0:hell"]
        );
        assert_eq!(
            found(&["c"], "c++ c# abc c1 é\u{301}c c\u{301}"),
            ["0:c", "0:c"]
        );
        assert_eq!(found(&["é"], "été é"), ["0:é"]);
    }

    #[test]
    fn folds_case_in_full() {
        assert_eq!(found(&["straße"], "STRASSE Straße STRAẞE strasse").len(), 4);
        assert_eq!(found(&["STRASSE"], "Straße").len(), 1);
        assert_eq!(found(&["istanbul"], "İstanbul ISTANBUL").len(), 2);
        assert_eq!(found(&["sik"], "sık SİK"), ["0:SİK"]);
        assert_eq!(found(&["ΟΔΟΣ"], "οδος οδοσ Οδός"), ["0:οδος", "0:οδοσ"]);
        assert_eq!(found(&["дурак"], "ДУРАК"), ["0:ДУРАК"]);
        // A term must not end inside what one character folds to.
        assert_eq!(found(&["s"], "ß"), Vec::<String>::new());
    }

    #[test]
    fn phrases_stretch_over_white_space() {
        assert_eq!(
            found(
                &["big  fish"],
                "Big \n\u{a0} fish bigfish big-fish big fishes"
            ),
            ["0:Big \n\u{a0} fish"]
        );
        assert_eq!(found(&["a b"], "a "), Vec::<String>::new());
    }

    #[test]
    fn short_and_long_are_both_found() {
        let terms = ["ass", "ass hat", "hat", "ass hat trick"];
        assert_eq!(found(&terms, "ass hats"), ["0:ass"]);
        assert_eq!(found(&terms, "ass hat"), ["0:ass", "1:ass hat", "2:hat"]);
    }

    #[test]
    fn signs_need_no_boundary() {
        assert_eq!(found(&["🖕", "c++"], "x🖕y c++20 c+"), ["0:🖕", "1:c++"]);
        assert_eq!(found(&["@acme"], "mail@acme.example @acmes"), ["0:@acme"]);
    }

    #[test]
    fn scripts_without_spaces_match_only_apart() {
        assert_eq!(found(&["傻瓜"], "他是傻瓜吗"), Vec::<String>::new());
        assert_eq!(
            found(&["傻瓜"], "他是 傻瓜 吗，傻瓜！"),
            ["0:傻瓜", "0:傻瓜"]
        );
    }

    #[test]
    fn nothing_to_find() {
        assert_eq!(found(&[], "text"), Vec::<String>::new());
        assert_eq!(found(&["", "  "], "text  "), Vec::<String>::new());
        assert_eq!(found(&["text"], ""), Vec::<String>::new());
    }
}
