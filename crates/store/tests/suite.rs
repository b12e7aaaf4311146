//! What every store does, whatever is under it.
//!
//! Each behaviour is a function over a fresh store; [`behaviours!`] makes a test of each for a back
//! end, so that another one runs under the same list.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic, and a table is as long as it is"
)]

use pretil_guardrail::Config;
use pretil_store::{
    AccountId, Created, EnforcedSettings, GuardrailId, GuardrailRecord, Missing, ModelEnforcement,
    NewEnforcement, NewGuardrail, Page, PageRequest, RequestToken, Store, StoreError, Tag,
    Timestamp, Version,
};
use std::{collections::BTreeSet, num::NonZeroU32};

macro_rules! behaviours {
    ($back_end:ident, $open:expr; $($name:ident)+) => {
        mod $back_end {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let (store, _keep) = $open.await;
                super::$name(store).await;
            })+
        }
    };
}

behaviours! {
    sqlite, super::open_sqlite();
    what_is_created_can_be_read
    accounts_see_nothing_of_each_other
    a_name_is_unique_in_an_account
    an_account_has_a_quota_of_guardrails
    a_guardrail_has_a_quota_of_versions
    an_update_replaces_the_draft_and_leaves_versions
    version_numbers_are_not_used_again
    a_version_has_its_own_description
    deleting_a_guardrail_deletes_all_of_it
    a_token_gives_the_first_result
    a_token_outlives_its_guardrail
    a_token_is_bound_to_its_request
    a_failed_request_leaves_no_token
    pages_are_newest_first_and_complete
    pages_are_stable_under_writes
    versions_are_listed_with_the_draft_first
    a_page_token_must_be_one_that_was_given_out
    tags_are_added_replaced_and_removed
    too_many_tags_change_nothing
    an_enforced_guardrail_can_not_be_deleted
    an_account_has_one_enforced_configuration
    versions_are_dense_under_concurrency
    creations_are_exactly_once_under_concurrency
}

/// A SQLite store in a directory of its own.
async fn open_sqlite() -> (Store, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&directory.path().join("data")).await.unwrap();
    (store, directory)
}

fn account() -> AccountId {
    AccountId::new("123456789012").unwrap()
}

fn other_account() -> AccountId {
    AccountId::new("210987654321").unwrap()
}

fn at(microseconds: i64) -> Timestamp {
    Timestamp(microseconds)
}

fn config(name: &str) -> Config {
    let text = format!(
        r#"{{"name":"{name}","blocked_input_messaging":"i","blocked_outputs_messaging":"o",
            "word":{{"words":[{{"text":"w"}}]}}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn new(name: &str) -> NewGuardrail {
    NewGuardrail {
        partition: "aws".to_owned(),
        region: "eu-west-1".to_owned(),
        config: config(name),
        tags: Vec::new(),
    }
}

fn token(text: &str, request: u8) -> RequestToken {
    RequestToken {
        token: text.to_owned(),
        fingerprint: [request; 32],
    }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn page(limit: u32, token: Option<&str>) -> PageRequest {
    PageRequest {
        limit: number(limit),
        token: token.map(str::to_owned),
    }
}

async fn create(store: &Store, name: &str, now: i64) -> GuardrailId {
    store
        .create_guardrail(&account(), &new(name), None, at(now))
        .await
        .unwrap()
        .id
}

async fn create_version(store: &Store, id: &GuardrailId, now: i64) -> u32 {
    store
        .create_version(&account(), id, None, None, at(now))
        .await
        .unwrap()
        .number
        .get()
}

async fn draft(store: &Store, id: &GuardrailId) -> Result<GuardrailRecord, StoreError> {
    store.guardrail(&account(), id, Version::Draft).await
}

/// Every item, read page by page.
async fn all_pages(store: &Store, id: Option<&GuardrailId>, limit: u32) -> Vec<GuardrailRecord> {
    let mut items = Vec::new();
    let mut token = None;
    loop {
        let request = page(limit, token.as_deref());
        let page: Page<GuardrailRecord> = match id {
            Some(id) => store.versions(&account(), id, &request).await.unwrap(),
            None => store.guardrails(&account(), &request).await.unwrap(),
        };
        assert!(page.items.len() <= limit as usize);
        items.extend(page.items);
        token = page.next;
        if token.is_none() {
            return items;
        }
    }
}

macro_rules! assert_refused {
    ($result:expr, $pattern:pat) => {
        let result = $result;
        assert!(matches!(result, Err($pattern)), "{result:?}");
    };
}

async fn what_is_created_can_be_read(store: Store) {
    let id = create(&store, "first", 5).await;
    assert_eq!(id.as_str().len(), 12);
    let record = draft(&store, &id).await.unwrap();
    assert_eq!(
        record,
        GuardrailRecord {
            account: account(),
            id,
            partition: "aws".to_owned(),
            region: "eu-west-1".to_owned(),
            version: Version::Draft,
            config: config("first"),
            created_at: at(5),
            updated_at: at(5),
        }
    );
}

async fn accounts_see_nothing_of_each_other(store: Store) {
    let id = create(&store, "mine", 1).await;
    let first = create_version(&store, &id, 2).await;
    let other = other_account();
    assert_refused!(
        store.guardrail(&other, &id, Version::Draft).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store
            .guardrail(&other, &id, Version::Number(number(first)))
            .await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.versions(&other, &id, &page(10, None)).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store
            .update_guardrail(&other, &id, &config("x"), at(3))
            .await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.create_version(&other, &id, None, None, at(3)).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.delete_version(&other, &id, number(first)).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.delete_guardrail(&other, &id).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.tag(&other, &id, &[tag("k", "v")]).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.untag(&other, &id, &["k".to_owned()]).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.tags(&other, &id).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store
            .put_enforced(&other, &enforcement(None, &id, first), at(3))
            .await,
        StoreError::NotFound(Missing::Guardrail)
    );
    let theirs = store.guardrails(&other, &page(10, None)).await.unwrap();
    assert_eq!(theirs.items, []);
    // The same name, and the same token, are free in another account.
    let shared = token("t", 1);
    for owner in [account(), other] {
        let guardrail = new("shared");
        store
            .create_guardrail(&owner, &guardrail, Some(&shared), at(4))
            .await
            .unwrap();
    }
    assert_eq!(draft(&store, &id).await.unwrap().config, config("mine"));
}

async fn a_name_is_unique_in_an_account(store: Store) {
    let first = create(&store, "a", 1).await;
    let second = create(&store, "b", 1).await;
    assert_refused!(
        store
            .create_guardrail(&account(), &new("a"), None, at(2))
            .await,
        StoreError::NameTaken
    );
    assert_refused!(
        store
            .update_guardrail(&account(), &second, &config("a"), at(2))
            .await,
        StoreError::NameTaken
    );
    store
        .update_guardrail(&account(), &first, &config("a"), at(2))
        .await
        .unwrap();
    store
        .update_guardrail(&account(), &first, &config("c"), at(2))
        .await
        .unwrap();
    store
        .update_guardrail(&account(), &second, &config("a"), at(2))
        .await
        .unwrap();
}

async fn an_account_has_a_quota_of_guardrails(store: Store) {
    let mut last = None;
    for index in 0..100 {
        last = Some(create(&store, &format!("g{index}"), index).await);
    }
    assert_refused!(
        store
            .create_guardrail(&account(), &new("more"), None, at(200))
            .await,
        StoreError::GuardrailQuota(100)
    );
    store
        .create_guardrail(&other_account(), &new("more"), None, at(200))
        .await
        .unwrap();
    store
        .delete_guardrail(&account(), &last.unwrap())
        .await
        .unwrap();
    create(&store, "more", 201).await;
}

async fn a_guardrail_has_a_quota_of_versions(store: Store) {
    let id = create(&store, "g", 1).await;
    for _ in 0..20 {
        create_version(&store, &id, 2).await;
    }
    assert_refused!(
        store
            .create_version(&account(), &id, None, None, at(3))
            .await,
        StoreError::VersionQuota(20)
    );
    store
        .delete_version(&account(), &id, number(7))
        .await
        .unwrap();
    assert_eq!(create_version(&store, &id, 4).await, 21);
}

async fn an_update_replaces_the_draft_and_leaves_versions(store: Store) {
    let id = create(&store, "before", 1).await;
    create_version(&store, &id, 2).await;
    let mut changed = config("after");
    changed.word = None;
    let record = store
        .update_guardrail(&account(), &id, &changed, at(3))
        .await
        .unwrap();
    assert_eq!(record, draft(&store, &id).await.unwrap());
    assert_eq!((record.created_at, record.updated_at), (at(1), at(3)));
    assert_eq!(record.config, changed);
    let version = Version::Number(number(1));
    let snapshot = store.guardrail(&account(), &id, version).await.unwrap();
    assert_eq!(snapshot.config, config("before"));
    assert_eq!(snapshot.created_at, at(2));
}

async fn version_numbers_are_not_used_again(store: Store) {
    let id = create(&store, "g", 1).await;
    assert_eq!(create_version(&store, &id, 2).await, 1);
    assert_eq!(create_version(&store, &id, 2).await, 2);
    store
        .delete_version(&account(), &id, number(2))
        .await
        .unwrap();
    assert_eq!(create_version(&store, &id, 3).await, 3);
    let gone = Version::Number(number(2));
    assert_refused!(
        store.guardrail(&account(), &id, gone).await,
        StoreError::NotFound(Missing::Version)
    );
    assert_refused!(
        store.delete_version(&account(), &id, number(2)).await,
        StoreError::NotFound(Missing::Version)
    );
}

async fn a_version_has_its_own_description(store: Store) {
    let mut guardrail = new("g");
    guardrail.config.description = Some("the draft's".to_owned());
    let created = store
        .create_guardrail(&account(), &guardrail, None, at(1))
        .await
        .unwrap();
    for description in [Some("the version's"), None] {
        let version = store
            .create_version(&account(), &created.id, description, None, at(2))
            .await
            .unwrap();
        let record = store
            .guardrail(&account(), &created.id, Version::Number(version.number))
            .await
            .unwrap();
        assert_eq!(record.config.description.as_deref(), description);
    }
}

async fn deleting_a_guardrail_deletes_all_of_it(store: Store) {
    let id = create(&store, "g", 1).await;
    create_version(&store, &id, 2).await;
    store.tag(&account(), &id, &[tag("k", "v")]).await.unwrap();
    store.delete_guardrail(&account(), &id).await.unwrap();
    assert_refused!(
        draft(&store, &id).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store
            .guardrail(&account(), &id, Version::Number(number(1)))
            .await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.tags(&account(), &id).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    assert_refused!(
        store.delete_guardrail(&account(), &id).await,
        StoreError::NotFound(Missing::Guardrail)
    );
    create(&store, "g", 3).await;
}

async fn a_token_gives_the_first_result(store: Store) {
    let token = token("t", 1);
    let first = store
        .create_guardrail(&account(), &new("g"), Some(&token), at(1))
        .await
        .unwrap();
    let again = store
        .create_guardrail(&account(), &new("g"), Some(&token), at(9))
        .await
        .unwrap();
    assert_eq!(first, again);
    // The same text is another token for another operation.
    let id = &first.id;
    let version = store
        .create_version(&account(), id, None, Some(&token), at(2))
        .await
        .unwrap();
    let again = store
        .create_version(&account(), id, None, Some(&token), at(9))
        .await
        .unwrap();
    assert_eq!(version, again);
    assert_eq!(create_version(&store, id, 3).await, 2);
}

async fn a_token_outlives_its_guardrail(store: Store) {
    let token = token("t", 1);
    let first = store
        .create_guardrail(&account(), &new("g"), Some(&token), at(1))
        .await
        .unwrap();
    store.delete_guardrail(&account(), &first.id).await.unwrap();
    let again = store
        .create_guardrail(&account(), &new("g"), Some(&token), at(2))
        .await
        .unwrap();
    assert_eq!(first, again);
    assert_eq!(all_pages(&store, None, 10).await, []);
}

async fn a_token_is_bound_to_its_request(store: Store) {
    let first = create(&store, "first", 1).await;
    let second = create(&store, "second", 1).await;
    store
        .create_guardrail(&account(), &new("g"), Some(&token("t", 1)), at(1))
        .await
        .unwrap();
    assert_refused!(
        store
            .create_guardrail(&account(), &new("h"), Some(&token("t", 2)), at(2))
            .await,
        StoreError::TokenReused
    );
    store
        .create_version(&account(), &first, None, Some(&token("t", 1)), at(1))
        .await
        .unwrap();
    assert_refused!(
        store
            .create_version(&account(), &first, None, Some(&token("t", 2)), at(2))
            .await,
        StoreError::TokenReused
    );
    assert_refused!(
        store
            .create_version(&account(), &second, None, Some(&token("t", 1)), at(2))
            .await,
        StoreError::TokenReused
    );
}

async fn a_failed_request_leaves_no_token(store: Store) {
    create(&store, "taken", 1).await;
    let token = token("t", 1);
    assert_refused!(
        store
            .create_guardrail(&account(), &new("taken"), Some(&token), at(2))
            .await,
        StoreError::NameTaken
    );
    let mut tagged = new("free");
    tagged.tags = (0..51).map(|index| tag(&format!("k{index}"), "")).collect();
    assert_refused!(
        store
            .create_guardrail(&account(), &tagged, Some(&token), at(2))
            .await,
        StoreError::TooManyTags(50)
    );
    let made = store
        .create_guardrail(&account(), &new("free"), Some(&token), at(3))
        .await
        .unwrap();
    assert_eq!(made.created_at, at(3));
}

async fn pages_are_newest_first_and_complete(store: Store) {
    let mut expected = Vec::new();
    for index in 0..7 {
        // Two of each age: the id decides between them.
        let id = create(&store, &format!("g{index}"), index / 2).await;
        expected.push((index / 2, id));
    }
    expected.sort();
    expected.reverse();
    for limit in [1, 2, 3, 7, 100] {
        let items = all_pages(&store, None, limit).await;
        let found: Vec<_> = items
            .into_iter()
            .map(|record| (record.created_at.0, record.id))
            .collect();
        assert_eq!(found, expected, "{limit}");
    }
}

async fn pages_are_stable_under_writes(store: Store) {
    for index in 0..6 {
        create(&store, &format!("g{index}"), index).await;
    }
    let first = store.guardrails(&account(), &page(3, None)).await.unwrap();
    // The last of the first page goes, and a newer one comes, before the second page is read.
    store
        .delete_guardrail(&account(), &first.items[2].id)
        .await
        .unwrap();
    create(&store, "newer", 99).await;
    let request = page(3, first.next.as_deref());
    let second = store.guardrails(&account(), &request).await.unwrap();
    let names: Vec<_> = second
        .items
        .iter()
        .map(|record| record.config.name.as_str())
        .collect();
    assert_eq!(names, ["g2", "g1", "g0"]);
    assert_eq!(second.next, None);
}

async fn versions_are_listed_with_the_draft_first(store: Store) {
    let id = create(&store, "g", 1).await;
    for _ in 0..4 {
        create_version(&store, &id, 2).await;
    }
    store
        .delete_version(&account(), &id, number(3))
        .await
        .unwrap();
    for limit in [1, 2, 3, 4, 10] {
        let items = all_pages(&store, Some(&id), limit).await;
        let versions: Vec<_> = items
            .iter()
            .map(|record| record.version.to_string())
            .collect();
        assert_eq!(versions, ["DRAFT", "4", "2", "1"], "{limit}");
    }
}

async fn a_page_token_must_be_one_that_was_given_out(store: Store) {
    let id = create(&store, "a", 1).await;
    let other = create(&store, "b", 1).await;
    create_version(&store, &id, 2).await;
    let versions = store
        .versions(&account(), &id, &page(1, None))
        .await
        .unwrap();
    let of_versions = versions.next.unwrap();
    let of_guardrails = store
        .guardrails(&account(), &page(1, None))
        .await
        .unwrap()
        .next
        .unwrap();
    for token in ["", "x", "%%%", "djEgYSBi", &of_versions] {
        assert_refused!(
            store.guardrails(&account(), &page(1, Some(token))).await,
            StoreError::InvalidPageToken
        );
    }
    for (id, token) in [(&id, &of_guardrails), (&other, &of_versions)] {
        assert_refused!(
            store.versions(&account(), id, &page(1, Some(token))).await,
            StoreError::InvalidPageToken
        );
    }
}

async fn tags_are_added_replaced_and_removed(store: Store) {
    let mut guardrail = new("g");
    guardrail.tags = vec![tag("b", "1"), tag("a", "")];
    let Created { id, .. } = store
        .create_guardrail(&account(), &guardrail, None, at(1))
        .await
        .unwrap();
    store
        .tag(&account(), &id, &[tag("b", "2"), tag("c", "3")])
        .await
        .unwrap();
    let expected = [tag("a", ""), tag("b", "2"), tag("c", "3")];
    assert_eq!(store.tags(&account(), &id).await.unwrap(), expected);
    let keys = ["a".to_owned(), "never there".to_owned()];
    store.untag(&account(), &id, &keys).await.unwrap();
    assert_eq!(store.tags(&account(), &id).await.unwrap(), expected[1..]);
}

async fn too_many_tags_change_nothing(store: Store) {
    let id = create(&store, "g", 1).await;
    let tags: Vec<_> = (0..50)
        .map(|index| tag(&format!("k{index:02}"), ""))
        .collect();
    store.tag(&account(), &id, &tags).await.unwrap();
    let more = [tag("k00", "changed"), tag("more", "")];
    assert_refused!(
        store.tag(&account(), &id, &more).await,
        StoreError::TooManyTags(50)
    );
    assert_eq!(store.tags(&account(), &id).await.unwrap(), tags);
}

fn enforcement(config_id: Option<&str>, id: &GuardrailId, version: u32) -> NewEnforcement {
    NewEnforcement {
        config_id: config_id.map(|id| pretil_store::ConfigurationId::new(id).unwrap()),
        guardrail: id.clone(),
        version: number(version),
        settings: EnforcedSettings {
            system: Some("SELECTIVE".to_owned()),
            messages: None,
            models: Some(ModelEnforcement {
                included: vec!["ALL".to_owned()],
                excluded: Vec::new(),
            }),
        },
        by: "me".to_owned(),
    }
}

async fn an_enforced_guardrail_can_not_be_deleted(store: Store) {
    let id = create(&store, "g", 1).await;
    create_version(&store, &id, 2).await;
    create_version(&store, &id, 2).await;
    let config_id = store
        .put_enforced(&account(), &enforcement(None, &id, 1), at(3))
        .await
        .unwrap();
    assert_refused!(
        store.delete_guardrail(&account(), &id).await,
        StoreError::InUse
    );
    assert_refused!(
        store.delete_version(&account(), &id, number(1)).await,
        StoreError::InUse
    );
    store
        .delete_version(&account(), &id, number(2))
        .await
        .unwrap();
    store.delete_enforced(&account(), &config_id).await.unwrap();
    store.delete_guardrail(&account(), &id).await.unwrap();
}

async fn an_account_has_one_enforced_configuration(store: Store) {
    let id = create(&store, "g", 1).await;
    create_version(&store, &id, 2).await;
    create_version(&store, &id, 2).await;
    assert_refused!(
        store
            .put_enforced(&account(), &enforcement(None, &id, 9), at(3))
            .await,
        StoreError::NotFound(Missing::Version)
    );
    assert_refused!(
        store
            .put_enforced(&account(), &enforcement(Some("abc"), &id, 1), at(3))
            .await,
        StoreError::NotFound(Missing::Configuration)
    );
    let config_id = store
        .put_enforced(&account(), &enforcement(None, &id, 1), at(3))
        .await
        .unwrap();
    assert_refused!(
        store
            .put_enforced(&account(), &enforcement(None, &id, 2), at(4))
            .await,
        StoreError::AlreadyEnforced
    );
    let mut change = enforcement(Some(config_id.as_str()), &id, 2);
    "another".clone_into(&mut change.by);
    change.settings = EnforcedSettings::default();
    let same = store
        .put_enforced(&account(), &change, at(5))
        .await
        .unwrap();
    assert_eq!(same, config_id);
    let all = store.enforced(&account()).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].version, number(2));
    assert_eq!(all[0].settings, EnforcedSettings::default());
    assert_eq!((all[0].created_at, all[0].updated_at), (at(3), at(5)));
    assert_eq!(
        (all[0].created_by.as_str(), all[0].updated_by.as_str()),
        ("me", "another")
    );
    assert_eq!(store.enforced(&other_account()).await.unwrap(), []);
    assert_refused!(
        store.delete_enforced(&other_account(), &config_id).await,
        StoreError::NotFound(Missing::Configuration)
    );
    store.delete_enforced(&account(), &config_id).await.unwrap();
    assert_refused!(
        store.delete_enforced(&account(), &config_id).await,
        StoreError::NotFound(Missing::Configuration)
    );
}

/// 64 tasks create versions of one guardrail, each request sent up to three times at once, and
/// delete what they made, so that the quota leaves room: every number from 1 is given out exactly
/// once.
async fn versions_are_dense_under_concurrency(store: Store) {
    const TASKS: u8 = 64;
    let id = create(&store, "g", 1).await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..TASKS {
        let (store, id) = (store.clone(), id.clone());
        tasks.spawn(async move {
            let token = token(&format!("t{task}"), task);
            loop {
                let account = account();
                let one = store.create_version(&account, &id, None, Some(&token), at(2));
                let two = store.create_version(&account, &id, None, Some(&token), at(3));
                let three = store.create_version(&account, &id, None, Some(&token), at(4));
                let (one, two, three) = tokio::join!(one, two, three);
                match (one, two, three) {
                    (Ok(one), Ok(two), Ok(three)) => {
                        assert_eq!((one, one), (two, three));
                        store
                            .delete_version(&account, &id, one.number)
                            .await
                            .unwrap();
                        return one.number.get();
                    }
                    (one, two, three) => {
                        for result in [one, two, three] {
                            let full = matches!(result, Ok(_) | Err(StoreError::VersionQuota(20)));
                            assert!(full, "{result:?}");
                        }
                        tokio::task::yield_now().await;
                    }
                }
            }
        });
    }
    let numbers: BTreeSet<u32> = tasks.join_all().await.into_iter().collect();
    let expected: BTreeSet<u32> = (1..=u32::from(TASKS)).collect();
    assert_eq!(numbers, expected);
    let left = all_pages(&store, Some(&id), 100).await;
    assert_eq!(left.len(), 1, "only the draft is left");
}

/// Many tasks send the same few requests at once: one guardrail for each token.
async fn creations_are_exactly_once_under_concurrency(store: Store) {
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..64_u8 {
        let store = store.clone();
        tasks.spawn(async move {
            let request = task % 8;
            let name = format!("g{request}");
            let token = token(&name, request);
            let created = store
                .create_guardrail(&account(), &new(&name), Some(&token), at(1))
                .await
                .unwrap();
            (request, created.id)
        });
    }
    let results: BTreeSet<_> = tasks.join_all().await.into_iter().collect();
    assert_eq!(results.len(), 8);
    assert_eq!(all_pages(&store, None, 100).await.len(), 8);
}
