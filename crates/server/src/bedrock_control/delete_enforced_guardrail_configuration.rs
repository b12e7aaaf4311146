//! `DELETE /enforcedGuardrailsConfiguration/{configId}`

use super::Call;
use crate::{error::Error, reply::Reply};
use pretil_store::{ConfigurationId, Missing, StoreError};
use pretil_wire::bedrock::control::EmptyResponse;

pub(super) async fn handle(call: Call, config_id: String) -> Result<Reply, Error> {
    let config_id = ConfigurationId::new(config_id)
        .map_err(|_| StoreError::NotFound(Missing::Configuration))?;
    let store = call.app.store();
    store
        .delete_enforced(&call.caller.account, &config_id)
        .await?;
    call.reply(&EmptyResponse {})
}
