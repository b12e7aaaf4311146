//! Finding guardrails: by id or ARN, as stored or compiled.

use crate::{
    app::App,
    caller::Caller,
    error::Error,
    guardrail_cache::{Compiled, GuardrailKey},
};
use pretil_guardrail::Guardrail;
use pretil_store::{GuardrailId, GuardrailRecord, Missing, StoreError, Version};
use pretil_wire::bedrock::{GuardrailArn, GuardrailReference, GuardrailVersion};
use std::sync::Arc;

/// The store's version of a version.
pub(crate) fn stored_version(version: GuardrailVersion) -> Result<Version, StoreError> {
    match version {
        GuardrailVersion::Draft => Ok(Version::Draft),
        GuardrailVersion::Number(number) => {
            Version::number(number).ok_or(StoreError::NotFound(Missing::Version))
        }
    }
}

/// The wire's version of a version.
pub(crate) fn wire_version(version: Version) -> GuardrailVersion {
    match version {
        Version::Draft => GuardrailVersion::Draft,
        Version::Number(number) => GuardrailVersion::Number(number.get()),
    }
}

/// The ARN of a stored guardrail.
pub(crate) fn arn(record: &GuardrailRecord) -> GuardrailArn {
    GuardrailArn {
        partition: record.partition.clone(),
        region: record.region.clone(),
        account: record.account.to_string(),
        id: record.id.to_string(),
    }
}

/// The id in `reference`. What cannot be an id belongs to no guardrail.
fn id(reference: &GuardrailReference) -> Result<GuardrailId, StoreError> {
    GuardrailId::new(reference.id()).map_err(|_| StoreError::NotFound(Missing::Guardrail))
}

impl App {
    /// One version of the guardrail that `reference` names.
    pub(crate) async fn record(
        &self,
        caller: &Caller,
        reference: &GuardrailReference,
        version: Version,
    ) -> Result<GuardrailRecord, StoreError> {
        let id = id(reference)?;
        let record = self
            .store()
            .guardrail(&caller.account, &id, version)
            .await?;
        // An ARN names one guardrail in one place: another region's or account's is another one.
        match reference.arn() {
            Some(named) if *named != arn(&record) => Err(StoreError::NotFound(Missing::Guardrail)),
            Some(_) | None => Ok(record),
        }
    }

    /// The id of the guardrail that `reference` names. It need not exist if named by id.
    pub(crate) async fn guardrail_id(
        &self,
        caller: &Caller,
        reference: &GuardrailReference,
    ) -> Result<GuardrailId, StoreError> {
        match reference {
            GuardrailReference::Id(_) => id(reference),
            GuardrailReference::Arn(_) => {
                Ok(self.record(caller, reference, Version::Draft).await?.id)
            }
        }
    }

    /// A guardrail ready to judge, never a stale one. For the runtime, where what does not exist
    /// is a mistake of the request.
    pub(crate) async fn compiled(
        self: &Arc<Self>,
        caller: &Caller,
        reference: &GuardrailReference,
        version: GuardrailVersion,
    ) -> Result<Arc<Compiled>, Error> {
        let unknown = |_| Error::UnknownGuardrail;
        let key = GuardrailKey {
            account: caller.account.clone(),
            id: id(reference).map_err(unknown)?,
            version: stored_version(version).map_err(unknown)?,
        };
        let load = || load(Arc::clone(self), key.clone());
        let compiled = self.cache().get(key.clone(), load).await?;
        match reference.arn() {
            Some(named) if *named != compiled.arn => Err(Error::UnknownGuardrail),
            Some(_) | None => Ok(compiled),
        }
    }
}

/// Reads and compiles a guardrail.
async fn load(app: Arc<App>, key: GuardrailKey) -> Result<Arc<Compiled>, Error> {
    let record = app
        .store()
        .guardrail(&key.account, &key.id, key.version)
        .await;
    let record = record.map_err(|error| match error {
        StoreError::NotFound(_) => Error::UnknownGuardrail,
        other => Error::Store(other),
    })?;
    let arn = arn(&record);
    let compile = {
        let app = Arc::clone(&app);
        move || Guardrail::compile(record.config, app.detectors())
    };
    // It compiled when it was stored: this build knows less than the one that stored it.
    let guardrail = app.pool().run(compile).await?.map_err(|_| Error::Stored)?;
    let guardrail = Arc::new(guardrail);
    Ok(Arc::new(Compiled { guardrail, arn }))
}
