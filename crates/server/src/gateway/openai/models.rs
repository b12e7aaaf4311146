//! `GET /v1/models`, `GET /v1/models/{model}`: the models of the configuration, by their public names.

use crate::{app::App, gateway::error::GatewayError, reply::Reply};
use http::StatusCode;
use pretil_wire::openai::ModelReply;
use serde::Serialize;

#[derive(Serialize)]
struct List {
    object: &'static str,
    data: Vec<ModelReply>,
}

pub(super) fn list(app: &App) -> Result<Reply, GatewayError> {
    let list = List {
        object: "list",
        data: app.gateway().names().map(model).collect(),
    };
    Reply::json(StatusCode::OK, &list).map_err(|_| GatewayError::Internal)
}

pub(super) fn get(app: &App, name: &str) -> Result<Reply, GatewayError> {
    let known = app.gateway().model(name);
    let known = known.ok_or(GatewayError::UnknownModel)?;
    Reply::json(StatusCode::OK, &model(&known.name)).map_err(|_| GatewayError::Internal)
}

/// When the upstream's model came to be is not known here.
fn model(name: &str) -> ModelReply {
    ModelReply {
        id: name.to_owned(),
        object: "model",
        created: 0,
        owned_by: "pretil",
    }
}
